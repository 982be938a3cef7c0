// A codec in Go: answers JSON requests on lines of standard input with JSON on lines of standard output.
package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
)

var errUnsupported = errors.New("unsupported")

type request struct {
	ID      json.RawMessage `json:"id"`
	Op      string          `json:"op"`
	Message string          `json:"message"`
	Hex     string          `json:"hex"`
	Value   any             `json:"value"`
	Options json.RawMessage `json:"options"`
}

// decode gives the JSON twin of a message. YOUR LIBRARY goes here; its errors become refusals.
func decode(message string, data []byte) (any, error) {
	if message == "error-response" && hex.EncodeToString(data) == "a1181e03" {
		return map[string]any{"error": "invalid_grant"}, nil
	}
	return nil, errUnsupported
}

// encode gives the CBOR of a message that its JSON twin stands for. YOUR LIBRARY goes here.
func encode(message string, value any) ([]byte, error) {
	members, _ := value.(map[string]any)
	if message == "error-response" && len(members) == 1 && members["error"] == "invalid_grant" {
		return hex.DecodeString("a1181e03")
	}
	return nil, errUnsupported
}

func answer(asked request) (map[string]any, error) {
	switch {
	case asked.Op == "describe":
		return map[string]any{"name": "my-library", "version": "0.0.0", "inputs": []string{"hex"}, "deterministic": false}, nil
	case len(asked.Options) > 0:
		return nil, errUnsupported
	case asked.Op == "decode":
		data, err := hex.DecodeString(asked.Hex)
		if err != nil {
			return nil, err
		}
		value, err := decode(asked.Message, data)
		return map[string]any{"value": value, "violations": nil, "unknown": nil}, err
	case asked.Op == "encode":
		data, err := encode(asked.Message, asked.Value)
		return map[string]any{"hex": hex.EncodeToString(data)}, err
	}
	return nil, errUnsupported
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var asked request
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		told, err := answer(asked)
		switch {
		case errors.Is(err, errUnsupported):
			told = map[string]any{"ok": false, "reason": "unsupported"}
		case err != nil:
			told = map[string]any{"ok": false, "reason": "refused", "message": err.Error()}
		default:
			told["ok"] = true
		}
		told["id"] = asked.ID
		line, _ := json.Marshal(told)
		os.Stdout.Write(append(line, '\n'))
	}
}
