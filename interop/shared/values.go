package shared

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strconv"
)

// ErrUntold says that JSON has no words for a value.
var ErrUntold = errors.New("a value that JSON has no words for")

func member(name string, content any) (any, error) { return map[string]any{name: content}, nil }

// ValueToJSON tells a CBOR value in JSON, without loss. What is of a type of the library is told by other.
func ValueToJSON(value any, other func(any) (any, error)) (any, error) {
	switch value := value.(type) {
	case nil, bool, string:
		return value, nil
	case uint64:
		if value >= 1<<53 {
			return member("integer", strconv.FormatUint(value, 10))
		}
		return value, nil
	case int64:
		if value <= -(1 << 53) {
			return member("integer", strconv.FormatInt(value, 10))
		}
		return value, nil
	case big.Int:
		return member("integer", value.String())
	case float64:
		switch {
		case math.IsNaN(value):
			return member("float", "NaN")
		case math.IsInf(value, 1):
			return member("float", "Infinity")
		case math.IsInf(value, -1):
			return member("float", "-Infinity")
		case value == 0 && math.Signbit(value):
			return member("float", "-0")
		}
		return value, nil
	case []byte:
		return member("bytes", ToBase64(value))
	case []any:
		list := make([]any, len(value))
		for i, each := range value {
			told, err := ValueToJSON(each, other)
			if err != nil {
				return nil, err
			}
			list[i] = told
		}
		return list, nil
	case map[any]any:
		pairs := []any{}
		for key, content := range value {
			pair, err := ValueToJSON([]any{key, content}, other)
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, pair)
		}
		return member("map", pairs)
	}
	return other(value)
}

// ValueFromJSON gives the CBOR value that JSON stands for. Keys of maps are what key makes of them, undefined is what the library has for it.
func ValueFromJSON(told json.RawMessage, undefined any, key func(any) (any, error)) (any, error) {
	reader := json.NewDecoder(bytes.NewReader(told))
	reader.UseNumber()
	var value any
	if err := reader.Decode(&value); err != nil {
		return nil, err
	}
	return valueOf(value, undefined, key)
}

func valueOf(told any, undefined any, key func(any) (any, error)) (any, error) {
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
			value, err := valueOf(each, undefined, key)
			if err != nil {
				return nil, err
			}
			list[i] = value
		}
		return list, nil
	case map[string]any:
		return memberOf(told, undefined, key)
	}
	return told, nil
}

func memberOf(told map[string]any, undefined any, key func(any) (any, error)) (any, error) {
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
		return FromBase64(text), nil
	}
	if told["simple"] == "undefined" {
		return undefined, nil
	}
	pairs, found := told["map"].([]any)
	if !found {
		return nil, ErrUnsupported
	}
	members := map[any]any{}
	for _, pair := range pairs {
		both, err := valueOf(pair, undefined, key)
		if err != nil {
			return nil, err
		}
		name, err := key(both.([]any)[0])
		if err != nil {
			return nil, err
		}
		members[name] = both.([]any)[1]
	}
	return members, nil
}
