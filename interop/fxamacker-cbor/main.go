// fxamacker/cbor behind the line protocol: bare CBOR, with duplicate keys refused, which is an option of the library.
package main

import (
	"encoding/hex"
	"math/big"

	"ace-oauth.invalid/interop/shared"
	"github.com/fxamacker/cbor/v2"
)

func toJSON(value any) (any, error) {
	switch value := value.(type) {
	case cbor.ByteString:
		return shared.ValueToJSON([]byte(value), toJSON)
	case cbor.SimpleValue:
		if value == 23 {
			return map[string]any{"simple": "undefined"}, nil
		}
	}
	return nil, shared.ErrUntold
}

// mapKey gives what Go can compare.
func mapKey(value any) (any, error) {
	switch value := value.(type) {
	case []byte:
		return cbor.ByteString(value), nil
	case []any, map[any]any, big.Int:
		return nil, shared.ErrUnsupported
	}
	return value, nil
}

func main() {
	decMode, err := cbor.DecOptions{DupMapKey: cbor.DupMapKeyEnforcedAPF, BignumTag: cbor.BignumTagAllowed}.DecMode()
	if err != nil {
		panic(err)
	}
	encMode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		panic(err)
	}
	decode := func(request shared.Request) (shared.Answer, error) {
		if request.Message != "cbor" {
			return nil, shared.ErrUnsupported
		}
		var value any
		if err := decMode.Unmarshal(shared.Unhex(request.Hex), &value); err != nil {
			return nil, err
		}
		told, err := shared.ValueToJSON(value, toJSON)
		if err != nil {
			return shared.Answer{}, nil
		}
		return shared.Answer{"value": told}, nil
	}
	encode := func(request shared.Request) (shared.Answer, error) {
		if request.Message != "cbor" {
			return nil, shared.ErrUnsupported
		}
		value, err := shared.ValueFromJSON(request.Value, cbor.SimpleValue(23), mapKey)
		if err != nil {
			return nil, err
		}
		data, err := encMode.Marshal(value)
		return shared.Answer{"hex": hex.EncodeToString(data)}, err
	}
	shared.Serve("fxamacker/cbor", "2.10.0", map[string]func(shared.Request) (shared.Answer, error){"decode": decode, "encode": encode})
}
