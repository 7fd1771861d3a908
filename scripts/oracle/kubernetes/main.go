// Prints what the API server's own code makes of manifests: a JSON list of paths on standard input, on standard output
// for each path a list of the objects in the file. With the argument "fields": the fields of all kinds.
//
// An object is decoded strictly (unknown and duplicate fields are errors, as with `kubectl apply --validate=strict`),
// and, where that works, defaulted, converted and validated as on creation. No cluster is asked: admission,
// declarative validation and what other objects say are out of sight.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/admission/install"
	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	_ "k8s.io/kubernetes/pkg/apis/apiserverinternal/install"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/authentication/install"
	_ "k8s.io/kubernetes/pkg/apis/authorization/install"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/certificates/install"
	_ "k8s.io/kubernetes/pkg/apis/coordination/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/discovery/install"
	_ "k8s.io/kubernetes/pkg/apis/events/install"
	_ "k8s.io/kubernetes/pkg/apis/extensions/install"
	_ "k8s.io/kubernetes/pkg/apis/flowcontrol/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/node/install"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	_ "k8s.io/kubernetes/pkg/apis/resource/install"
	_ "k8s.io/kubernetes/pkg/apis/scheduling/install"
	_ "k8s.io/kubernetes/pkg/apis/storage/install"
	_ "k8s.io/kubernetes/pkg/apis/storagemigration/install"
	"sigs.k8s.io/yaml"
)

type object struct {
	// Line of the document that holds it, from 1.
	Line       int    `json:"line"`
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Name       string `json:"name,omitempty"`
	Namespace  string `json:"namespace,omitempty"`
	// No such kind in Kubernetes: nothing else is said.
	Foreign bool `json:"foreign,omitempty"`
	// Why it can not be decoded.
	Refused string `json:"refused,omitempty"`
	// Fields that strict decoding refuses.
	Strict []string `json:"strict,omitempty"`
	// What validation on creation says.
	Invalid []string        `json:"invalid,omitempty"`
	Decoded json.RawMessage `json:"decoded,omitempty"`
}

var (
	codecs  = serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict)
	decoder = codecs.UniversalDeserializer()
)

func main() {
	if slices.Contains(os.Args, "fields") {
		if err := json.NewEncoder(os.Stdout).Encode(fields()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	var paths []string
	if err := json.NewDecoder(os.Stdin).Decode(&paths); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	out := bufio.NewWriter(os.Stdout)
	answers := make([][]object, len(paths))
	for index, path := range paths {
		answers[index] = read(path)
	}
	if err := json.NewEncoder(out).Encode(answers); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	out.Flush()
}

func read(path string) []object {
	text, err := os.ReadFile(path)
	if err != nil {
		return []object{{Line: 1, Refused: err.Error()}}
	}
	objects := []object{}
	documents := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	from := 0
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return objects
		}
		if err != nil {
			return append(objects, object{Line: 1, Refused: err.Error()})
		}
		line := 1
		if at := bytes.Index(text[from:], document); at >= 0 {
			line += bytes.Count(text[:from+at], []byte("\n"))
			from += at + len(document)
		}
		objects = append(objects, objectsOf(document, line)...)
	}
}

func objectsOf(document []byte, line int) []object {
	if len(bytes.TrimSpace(document)) == 0 {
		return nil
	}
	loose, err := yaml.YAMLToJSON(document)
	if err != nil {
		return []object{{Line: line, Refused: err.Error()}}
	}
	var head struct {
		metav1.TypeMeta
		Metadata metav1.ObjectMeta `json:"metadata"`
		Items    []json.RawMessage `json:"items"`
	}
	_ = json.Unmarshal(loose, &head)
	if strings.HasSuffix(head.Kind, "List") && head.Items != nil {
		objects := []object{}
		for _, item := range head.Items {
			objects = append(objects, objectsOf(item, line)...)
		}
		return objects
	}
	if head.Kind == "" || head.APIVersion == "" {
		return nil
	}
	answer := object{
		Line: line, APIVersion: head.APIVersion, Kind: head.Kind, Name: head.Metadata.Name, Namespace: head.Metadata.Namespace,
	}
	judge(&answer, document)
	return []object{answer}
}

func judge(answer *object, document []byte) {
	kind := schema.FromAPIVersionAndKind(answer.APIVersion, answer.Kind)
	if !legacyscheme.Scheme.Recognizes(kind) {
		answer.Foreign = !legacyscheme.Scheme.IsVersionRegistered(kind.GroupVersion())
		answer.Refused = "no such kind"
		return
	}
	decoded, _, err := decoder.Decode(document, nil, nil)
	if strict, ok := runtime.AsStrictDecodingError(err); ok {
		for _, each := range strict.Errors() {
			answer.Strict = append(answer.Strict, each.Error())
		}
	} else if err != nil {
		answer.Refused = err.Error()
		return
	}
	answer.Decoded, err = json.Marshal(decoded)
	if err != nil {
		answer.Refused = err.Error()
		return
	}
	legacyscheme.Scheme.Default(decoded)
	internal, err := legacyscheme.Scheme.UnsafeConvertToVersion(decoded, runtime.InternalGroupVersioner)
	if err != nil {
		answer.Invalid = []string{err.Error()}
		return
	}
	for _, each := range validate(internal) {
		answer.Invalid = append(answer.Invalid, each.Error())
	}
}
