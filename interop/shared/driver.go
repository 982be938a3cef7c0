// Package shared is what the drivers in Go share: the line protocol of ../../vectors/README.md.
package shared

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ErrUnsupported says that the library does not have what it was asked for.
var ErrUnsupported = errors.New("unsupported")

// Request is one line of the input.
type Request struct {
	ID          json.RawMessage `json:"id"`
	Op          string          `json:"op"`
	Message     string          `json:"message"`
	Hex         string          `json:"hex"`
	Value       json.RawMessage `json:"value"`
	Options     json.RawMessage `json:"options"`
	Keys        []JWK           `json:"keys"`
	Key         JWK             `json:"key"`
	Alg         string          `json:"alg"`
	Payload     string          `json:"payload"`
	ExternalAAD string          `json:"externalAad"`
	Times       int             `json:"times"`
}

// JWK holds the members of a key that the drivers know.
type JWK struct {
	Kty string  `json:"kty"`
	Crv string  `json:"crv,omitempty"`
	Kid *string `json:"kid,omitempty"`
	Alg string  `json:"alg,omitempty"`
	X   string  `json:"x,omitempty"`
	Y   string  `json:"y,omitempty"`
	D   string  `json:"d,omitempty"`
	K   *string `json:"k,omitempty"`
}

// Answer is what one line of the output tells.
type Answer map[string]any

// Unhex gives the bytes of hexadecimal digits.
func Unhex(digits string) []byte {
	bytes, err := hex.DecodeString(digits)
	if err != nil {
		panic(err)
	}
	return bytes
}

// FromBase64 gives the bytes of base64url without padding.
func FromBase64(text string) []byte {
	bytes, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return bytes
}

// ToBase64 writes base64url without padding.
func ToBase64(bytes []byte) string { return base64.RawURLEncoding.EncodeToString(bytes) }

// OpaqueToText tells a kid in JSON: the text that its bytes are, or ~ and their base64url.
func OpaqueToText(bytes []byte) string {
	text := string(bytes)
	if utf8.Valid(bytes) && !strings.HasPrefix(text, "~") && strings.IndexFunc(text, unicode.IsControl) < 0 {
		return text
	}
	return "~" + ToBase64(bytes)
}

// OpaqueFromText gives the bytes of a kid.
func OpaqueFromText(text string) []byte {
	if rest, found := strings.CutPrefix(text, "~"); found {
		return FromBase64(rest)
	}
	return []byte(text)
}

// Serve answers each request by the operation of its name.
func Serve(name, version string, operations map[string]func(Request) (Answer, error)) {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 16<<20)
	for input.Scan() {
		var request Request
		if err := json.Unmarshal(input.Bytes(), &request); err != nil {
			panic(err)
		}
		answer, err := answer(name, version, operations, request)
		if err != nil {
			reason := "refused"
			if errors.Is(err, ErrUnsupported) {
				reason = "unsupported"
			}
			answer = Answer{"ok": false, "reason": reason, "message": err.Error()}
		} else {
			answer["ok"] = true
		}
		answer["id"] = request.ID
		line, err := json.Marshal(answer)
		if err != nil {
			panic(err)
		}
		os.Stdout.Write(append(line, '\n'))
	}
}

func answer(name, version string, operations map[string]func(Request) (Answer, error), request Request) (told Answer, err error) {
	// What the library panics with is its refusal too.
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("panic: %v", reason)
		}
	}()
	operation := operations[request.Op]
	switch {
	case request.Op == "describe":
		return Answer{"name": name, "version": version, "inputs": []string{"hex"}, "deterministic": false}, nil
	case operation == nil || len(request.Options) > 0:
		return nil, ErrUnsupported
	}
	return operation(request)
}
