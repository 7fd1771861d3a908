// Prints what BuildKit's own parser makes of Dockerfiles: a JSON list of paths on standard input, a list of answers on
// standard output.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// Text is a word after expansion. Unknown: a variable in it is set by nobody in the file.
type Text struct {
	Value   string `json:"value"`
	Unknown bool   `json:"unknown,omitempty"`
}

type Stage struct {
	Name   string          `json:"name"`
	Base   Text            `json:"base"`
	User   *Text           `json:"user,omitempty"`
	Env    map[string]Text `json:"env"`
	Expose []Text          `json:"expose"`
	// By their names, as written. RUN with the user it runs as.
	Instructions map[string][]string `json:"instructions"`
	// The configuration of its image, where the build can be worked out without arguments.
	Image json.RawMessage `json:"image,omitempty"`
}

type Answer struct {
	Error string `json:"error,omitempty"`
	// Why a stage can not be converted to what BuildKit solves.
	Refused string  `json:"refused,omitempty"`
	Stages  []Stage `json:"stages"`
}

// Known values of a place, in the form the expander wants them.
type scope map[string]Text

func (s scope) Get(name string) (string, bool) {
	text, ok := s[name]
	return text.Value, ok
}

func (s scope) Keys() []string {
	keys := make([]string, 0, len(s))
	for key := range s {
		keys = append(keys, key)
	}
	return keys
}

func (s scope) copy() scope {
	other := scope{}
	for key, text := range s {
		other[key] = text
	}
	return other
}

func expand(lex *shell.Lex, word string, known scope) (Text, error) {
	result, err := lex.ProcessWordWithMatches(word, known)
	if err != nil {
		return Text{}, err
	}
	unknown := len(result.Unmatched) > 0
	for name := range result.Matched {
		unknown = unknown || known[name].Unknown
	}
	return Text{Value: result.Result, Unknown: unknown}, nil
}

func read(path string) (answer Answer) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Answer{Error: err.Error()}
	}
	tree, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return Answer{Error: err.Error()}
	}
	stages, arguments, err := instructions.Parse(tree.AST, linter.New(&linter.Config{}))
	if err != nil {
		return Answer{Error: err.Error()}
	}
	lex := shell.NewLex(tree.EscapeToken)
	global := scope{}
	for _, command := range arguments {
		for _, argument := range command.Args {
			if argument.Value == nil {
				continue
			}
			value, err := expand(lex, *argument.Value, global)
			if err != nil {
				return Answer{Error: err.Error()}
			}
			global[argument.Key] = value
		}
	}
	// Stages by name: what later ones continue.
	users, environments := map[string]*Text{}, map[string]scope{}
	for index, from := range stages {
		stage, environment, err := readStage(lex, from, index, global, users, environments)
		if err != nil {
			return Answer{Error: err.Error()}
		}
		// The last stage needs no name to be built; another one without can not be.
		last := index == len(stages)-1
		if from.Name != "" || last {
			if stage.Image, err = convert(text, from.Name); err != nil && answer.Refused == "" {
				answer.Refused = err.Error()
			}
		}
		answer.Stages = append(answer.Stages, stage)
		if from.Name == "" {
			continue // FROM knows names only, no numbers.
		}
		users[strings.ToLower(stage.Name)] = stage.User
		environments[strings.ToLower(stage.Name)] = environment
	}
	return answer
}

func readStage(
	lex *shell.Lex, from instructions.Stage, index int, global scope, users map[string]*Text, environments map[string]scope,
) (Stage, scope, error) {
	name := from.Name
	if name == "" {
		name = fmt.Sprint(index)
	}
	base, err := expand(lex, from.BaseName, global)
	if err != nil {
		return Stage{}, nil, err
	}
	stage := Stage{
		Name: name, Base: base, Env: map[string]Text{}, Expose: []Text{}, Instructions: map[string][]string{},
	}
	environment := scope{}
	if inherited, ok := environments[strings.ToLower(base.Value)]; ok {
		environment = inherited.copy()
		stage.User = users[strings.ToLower(base.Value)]
	}
	declared := scope{}
	visible := func() scope {
		both := declared.copy()
		for key, text := range environment {
			both[key] = text
		}
		return both
	}
	for _, command := range from.Commands {
		written := fmt.Sprint(command)
		if command.Name() == "run" && stage.User != nil {
			written += " as " + stage.User.Value
		}
		keyword := strings.ToUpper(command.Name())
		stage.Instructions[keyword] = append(stage.Instructions[keyword], written)
		switch c := command.(type) {
		case *instructions.ArgCommand:
			for _, argument := range c.Args {
				if argument.Value != nil {
					value, err := expand(lex, *argument.Value, visible())
					if err != nil {
						return Stage{}, nil, err
					}
					declared[argument.Key] = value
				} else if value, ok := global[argument.Key]; ok {
					declared[argument.Key] = value
				}
			}
		case *instructions.EnvCommand:
			before := visible()
			for _, pair := range c.Env {
				value, err := expand(lex, pair.Value, before)
				if err != nil {
					return Stage{}, nil, err
				}
				key, err := expand(lex, pair.Key, before)
				if err != nil {
					return Stage{}, nil, err
				}
				environment[key.Value] = value
				stage.Env[key.Value] = value
			}
		case *instructions.UserCommand:
			user, err := expand(lex, c.User, visible())
			if err != nil {
				return Stage{}, nil, err
			}
			stage.User = &user
		case *instructions.ExposeCommand:
			for _, port := range c.Ports {
				text, err := expand(lex, port, visible())
				if err != nil {
					return Stage{}, nil, err
				}
				stage.Expose = append(stage.Expose, text)
			}
		}
	}
	return stage, environment, nil
}

func main() {
	var paths []string
	if err := json.NewDecoder(os.Stdin).Decode(&paths); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	answers := make([]Answer, len(paths))
	for index, path := range paths {
		answers[index] = read(path)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
