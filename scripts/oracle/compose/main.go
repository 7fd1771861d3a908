// Prints what compose-go makes of Compose projects, as JSON, for comparison with the model.
//
// One request a line on standard input ({"directory": "…", "files": ["compose.yaml", …]}, the first file is the main
// one), one answer a line on standard output: the project, or {"error": "…"} where compose-go refuses it. Nothing is taken
// from the process environment: variables come from the request ("environment", optional), the .env file beside the main
// file and defaults. With "resolve": true services have the variables of their env_file, where all of these files are there.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/sirupsen/logrus"
)

type request struct {
	Directory   string            `json:"directory"`
	Files       []string          `json:"files"`
	Environment map[string]string `json:"environment"`
	Resolve     bool              `json:"resolve"`
}

func main() {
	logrus.SetLevel(logrus.PanicLevel)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked request
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			_ = out.Encode(map[string]string{"error": err.Error()})
			continue
		}
		project, err := load(asked)
		if err != nil && asked.Resolve {
			asked.Resolve = false
			project, err = load(asked)
		}
		if err != nil {
			_ = out.Encode(map[string]string{"error": strings.ReplaceAll(err.Error(), asked.Directory, "")})
			continue
		}
		_ = out.Encode(project)
	}
}

func load(asked request) (any, error) {
	paths := make([]string, 0, len(asked.Files))
	for _, file := range asked.Files {
		paths = append(paths, filepath.Join(asked.Directory, file))
	}
	environment := make([]string, 0, len(asked.Environment))
	for name, value := range asked.Environment {
		environment = append(environment, name+"="+value)
	}
	environmentOfServices := cli.WithoutEnvironmentResolution
	if asked.Resolve {
		environmentOfServices = cli.WithDiscardEnvFile
	}
	options, err := cli.NewProjectOptions(
		paths,
		cli.WithWorkingDirectory(filepath.Join(asked.Directory, filepath.Dir(asked.Files[0]))),
		cli.WithEnv(environment),
		cli.WithEnvFiles(),
		cli.WithDotEnv,
		cli.WithName("oracle"),
		cli.WithProfiles([]string{"*"}),
		cli.WithResolvedPaths(true),
		environmentOfServices,
	)
	if err != nil {
		return nil, err
	}
	return options.LoadProject(context.Background())
}
