package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// courier checks vouchers by a published key set, offline: go run . JWKS DELIVERY < vouchers, one a line. It gives the exit code:
// 0 if all are valid, 3 if nothing can be decided.
func courier(path, delivery string) int {
	keys, err := pinned(path)
	if err != nil {
		fmt.Printf("undecided: %s: %s\n", path, err)
		return 3
	}
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
	if count == 0 || valid < count {
		return 1
	}
	return 0
}

func pinned(path string) (keys keySet, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case refusal:
			err = fmt.Errorf("%s %s", r.code, r.step)
		default:
			panic(r)
		}
	}()
	data, err := os.ReadFile(path)
	if err != nil {
		return keys, err
	}
	jwks, issuer := readJwksFile(data)
	if issuer == nil {
		return keys, errors.New("issuer unknown")
	}
	return readKeySet(source{Jwks: jwks}, *issuer), nil
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
