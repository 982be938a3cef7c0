// fxamacker/cbor behind the line protocol: bare CBOR, with duplicate keys refused, which is an option of the library.
package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strconv"

	"ace-oauth.invalid/interop/shared"
	"github.com/fxamacker/cbor/v2"
)

var errUntold = errors.New("a value that JSON has no words for")

func toJSON(value any) (any, error) {
	switch value := value.(type) {
	case nil, bool, string:
		return value, nil
	case uint64:
		if value >= 1<<53 {
			return map[string]any{"integer": strconv.FormatUint(value, 10)}, nil
		}
		return value, nil
	case int64:
		if value <= -(1 << 53) {
			return map[string]any{"integer": strconv.FormatInt(value, 10)}, nil
		}
		return value, nil
	case big.Int:
		return map[string]any{"integer": value.String()}, nil
	case float64:
		switch {
		case math.IsNaN(value):
			return map[string]any{"float": "NaN"}, nil
		case math.IsInf(value, 1):
			return map[string]any{"float": "Infinity"}, nil
		case math.IsInf(value, -1):
			return map[string]any{"float": "-Infinity"}, nil
		case value == 0 && math.Signbit(value):
			return map[string]any{"float": "-0"}, nil
		}
		return value, nil
	case []byte:
		return map[string]any{"bytes": shared.ToBase64(value)}, nil
	case cbor.ByteString:
		return map[string]any{"bytes": shared.ToBase64([]byte(value))}, nil
	case []any:
		list := make([]any, len(value))
		for i, each := range value {
			told, err := toJSON(each)
			if err != nil {
				return nil, err
			}
			list[i] = told
		}
		return list, nil
	case map[any]any:
		pairs := []any{}
		for key, member := range value {
			toldKey, err := toJSON(key)
			if err != nil {
				return nil, err
			}
			told, err := toJSON(member)
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, []any{toldKey, told})
		}
		return map[string]any{"map": pairs}, nil
	case cbor.SimpleValue:
		if value == 23 {
			return map[string]any{"simple": "undefined"}, nil
		}
	}
	return nil, errUntold
}

func fromJSON(told any) (any, error) {
	switch told := told.(type) {
	case json.Number:
		if integer, err := told.Int64(); err == nil {
			return integer, nil
		}
		float, err := told.Float64()
		if err == nil && float == math.Trunc(float) && math.Abs(float) < 1<<53 {
			return int64(float), nil
		}
		return float, err
	case []any:
		list := make([]any, len(told))
		for i, each := range told {
			value, err := fromJSON(each)
			if err != nil {
				return nil, err
			}
			list[i] = value
		}
		return list, nil
	case map[string]any:
		if text, found := told["integer"].(string); found {
			integer, _ := new(big.Int).SetString(text, 10)
			switch {
			case integer.IsUint64():
				return integer.Uint64(), nil
			case integer.IsInt64():
				return integer.Int64(), nil
			}
			return *integer, nil
		}
		if text, found := told["float"].(string); found {
			return strconv.ParseFloat(text, 64)
		}
		if text, found := told["bytes"].(string); found {
			return shared.FromBase64(text), nil
		}
		if told["simple"] == "undefined" {
			return cbor.SimpleValue(23), nil
		}
		pairs, found := told["map"].([]any)
		if !found {
			return nil, shared.ErrUnsupported
		}
		members := map[any]any{}
		for _, pair := range pairs {
			key, err := fromJSON(pair.([]any)[0])
			if err != nil {
				return nil, err
			}
			switch content := key.(type) {
			case []byte:
				key = cbor.ByteString(content)
			case []any, map[any]any, big.Int:
				return nil, shared.ErrUnsupported
			}
			if members[key], err = fromJSON(pair.([]any)[1]); err != nil {
				return nil, err
			}
		}
		return members, nil
	}
	return told, nil
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
		told, err := toJSON(value)
		if err != nil {
			return shared.Answer{}, nil
		}
		return shared.Answer{"value": told}, nil
	}
	encode := func(request shared.Request) (shared.Answer, error) {
		if request.Message != "cbor" {
			return nil, shared.ErrUnsupported
		}
		reader := json.NewDecoder(bytes.NewReader(request.Value))
		reader.UseNumber()
		var told any
		if err := reader.Decode(&told); err != nil {
			return nil, err
		}
		value, err := fromJSON(told)
		if err != nil {
			return nil, err
		}
		data, err := encMode.Marshal(value)
		return shared.Answer{"hex": hex.EncodeToString(data)}, err
	}
	shared.Serve("fxamacker/cbor", "2.10.0", map[string]func(shared.Request) (shared.Answer, error){"decode": decode, "encode": encode})
}
