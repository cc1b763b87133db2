package main

import (
	"bytes"
	"encoding/json"
	"regexp"
	"unicode/utf8"
)

// Section 5 of docs/format.md: a JWKS as it is handed over, which is a file.

// A pair of surrogates, one alone, or any other escape: in this order, so that an escaped backslash escapes nothing more.
var escape = regexp.MustCompile(`\\(?:u[dD][89aAbB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)`)

// readJwksFile gives the set, and what it calls its issuer: nothing if it does not say.
func readJwksFile(data []byte) (jwks any, issuer *string) {
	need(len(data) <= keySetBytes && utf8.Valid(data) && json.Valid(data), 0, "malformed", "keys")
	for _, found := range escape.FindAllSubmatch(data, -1) {
		need(found[1] == nil, 0, "malformed", "keys")
	}
	// Of two members of one name the decoder keeps the last, and goes as deep as it is led.
	refuseAmbiguous(numbered(data), 1)
	must(numbered(data).Decode(&jwks))
	set, _ := jwks.(map[string]any)
	if said, found := set["issuer"]; found {
		name, isText := said.(string)
		need(isText && nameForm.MatchString(name), 0, "malformed", "keys")
		issuer = &name
	}
	return jwks, issuer
}

// numbered leaves numbers as they are written: 1e999 is JSON too.
func numbered(data []byte) *json.Decoder {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	return decoder
}

// refuseAmbiguous reads one value, which would be the level-th.
func refuseAmbiguous(json *json.Decoder, level int) {
	token, err := json.Token()
	must(err)
	if token != tokenOf('[') && token != tokenOf('{') {
		return
	}
	need(level <= deepest, 0, "malformed", "keys")
	for names := map[any]bool{}; json.More(); {
		if token == tokenOf('{') {
			name, err := json.Token()
			must(err)
			need(!names[name], 0, "malformed", "keys")
			names[name] = true
		}
		refuseAmbiguous(json, level+1)
	}
	_, err = json.Token()
	must(err)
}

func tokenOf(bracket rune) json.Token { return json.Delim(bracket) }
