package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
)

// courier checks vouchers by a published key set, offline: go run . JWKS DELIVERY < vouchers, one a line. It says whether all are valid.
func courier(path, delivery string) bool {
	var set struct{ Issuer string }
	var jwks any
	must(json.Unmarshal(contents(path), &set))
	must(json.Unmarshal(contents(path), &jwks))
	keys := readKeySet(source{Jwks: jwks}, set.Issuer)
	lines, valid := bufio.NewScanner(os.Stdin), 0
	count := 0
	for ; lines.Scan(); count++ {
		said := check(lines.Text(), question{now: time.Now().Unix(), delivery: &delivery, keys: keys})
		fmt.Println(said)
		if strings.HasPrefix(said, "valid ") {
			valid++
		}
	}
	must(lines.Err())
	return count > 0 && valid == count
}

func check(text string, q question) (said string) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case refusal:
			said = strings.TrimSpace("refused " + r.code + " " + r.step)
		default:
			panic(r)
		}
	}()
	r := verify(text, q)
	return fmt.Sprintf("valid %s of %s, notes: %s", r.deliveryID, r.issuer, strings.Join(r.notes, " "))
}
