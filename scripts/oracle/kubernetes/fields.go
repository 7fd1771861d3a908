package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

// Every kind's Go type, and the fields of every type in reach.
type fieldTable struct {
	// `apps/v1 Deployment` → type.
	Kinds map[string]string `json:"kinds"`
	// Type → field → type; `[` a list of, `{` a map of; s, n, b, o for text, number, boolean, and what has its own syntax.
	Types map[string]map[string]string `json:"types"`
	// Of the kinds that the API has given up, or will.
	Retired map[string]retirement `json:"retired"`
}

// Versions of Kubernetes as "1.22", and the apiVersion that took its place.
type retirement struct {
	Deprecated  string `json:"deprecated,omitempty"`
	Removed     string `json:"removed,omitempty"`
	Replacement string `json:"replacement,omitempty"`
}

// What generated code says of a kind's time.
func retirementOf(of reflect.Type) retirement {
	kind := reflect.New(of).Interface()
	answer := retirement{}
	if life, ok := kind.(interface{ APILifecycleDeprecated() (int, int) }); ok {
		major, minor := life.APILifecycleDeprecated()
		answer.Deprecated = fmt.Sprintf("%d.%d", major, minor)
	}
	if life, ok := kind.(interface{ APILifecycleRemoved() (int, int) }); ok {
		major, minor := life.APILifecycleRemoved()
		answer.Removed = fmt.Sprintf("%d.%d", major, minor)
	}
	if life, ok := kind.(interface {
		APILifecycleReplacement() schema.GroupVersionKind
	}); ok {
		answer.Replacement = life.APILifecycleReplacement().GroupVersion().String()
	}
	return answer
}

var (
	marshaler   = reflect.TypeFor[json.Marshaler]()
	unmarshaler = reflect.TypeFor[json.Unmarshaler]()
)

func fields() fieldTable {
	table := fieldTable{
		Kinds: map[string]string{}, Types: map[string]map[string]string{}, Retired: map[string]retirement{},
	}
	for kind, of := range legacyscheme.Scheme.AllKnownTypes() {
		if kind.Version == "__internal" || strings.HasSuffix(of.PkgPath(), "apimachinery/pkg/apis/meta/v1") {
			continue
		}
		version := kind.GroupVersion().String()
		name := version + " " + kind.Kind
		table.Kinds[name] = table.shape(of)
		if life := retirementOf(of); life != (retirement{}) {
			table.Retired[name] = life
		}
	}
	return table
}

func (table fieldTable) shape(of reflect.Type) string {
	if of.Kind() == reflect.Pointer {
		return table.shape(of.Elem())
	}
	if own := reflect.PointerTo(of); own.Implements(unmarshaler) || own.Implements(marshaler) {
		return "o"
	}
	switch of.Kind() {
	case reflect.String:
		return "s"
	case reflect.Bool:
		return "b"
	case reflect.Slice:
		if of.Elem().Kind() == reflect.Uint8 {
			return "s"
		}
		return "[" + table.shape(of.Elem())
	case reflect.Map:
		return "{" + table.shape(of.Elem())
	case reflect.Struct:
		name := fmt.Sprintf("%s.%s", of.PkgPath(), of.Name())
		if _, seen := table.Types[name]; !seen {
			table.Types[name] = map[string]string{}
			table.add(table.Types[name], of)
		}
		return name
	case reflect.Interface:
		return "o"
	}
	return "n"
}

func (table fieldTable) add(to map[string]string, of reflect.Type) {
	for index := range of.NumField() {
		field := of.Field(index)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		inner := field.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if name == "" && (strings.Contains(options, "inline") || field.Anonymous) && inner.Kind() == reflect.Struct {
			table.add(to, inner)
		} else if name != "" && name != "-" {
			to[name] = table.shape(field.Type)
		}
	}
}
