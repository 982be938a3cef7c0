// What a driver in Java shares with others: the line protocol of ../../vectors/README.md, and JSON for bytes, texts and values. JSON
// is read and written by CBOR-Java.

import com.upokecenter.cbor.CBORObject;
import com.upokecenter.cbor.CBORType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

public class Codec {
  static class Unsupported extends Exception {
    Unsupported(String what) {
      super(what);
    }
  }

  /** Gives the members of an answer. */
  interface Operation {
    CBORObject answer(CBORObject request) throws Exception;
  }

  static byte[] unhex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  static byte[] fromBase64(String text) {
    return Base64.getUrlDecoder().decode(text);
  }

  static String toBase64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static String opaqueToText(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (!text.startsWith("~") && text.chars().noneMatch(c -> c < 32 || c == 127)) return text;
    } catch (CharacterCodingException notText) {
      // told as bytes
    }
    return "~" + toBase64(bytes);
  }

  static byte[] opaqueFromText(String text) {
    return text.startsWith("~") ? fromBase64(text.substring(1)) : text.getBytes(StandardCharsets.UTF_8);
  }

  static <V> String nameOf(Map<String, V> names, V value) {
    return names.entrySet().stream().filter(e -> e.getValue().equals(value)).map(Map.Entry::getKey).findFirst().orElse(null);
  }

  static String text(CBORObject request, String name) {
    return request.ContainsKey(name) ? request.get(name).AsString() : "";
  }

  /** A value in JSON, without loss; null where JSON has no words for it, such as a tag. */
  static CBORObject told(CBORObject value) {
    if (value.isTagged() || value.getType() == CBORType.SimpleValue)
      return value.equals(CBORObject.Undefined) ? CBORObject.NewMap().Add("simple", "undefined") : value.equals(CBORObject.Null) ? value : null;
    switch (value.getType()) {
      case Integer:
        return value.CanValueFitInInt64() && value.AsInt64Value() < 1L << 53 && value.AsInt64Value() > -(1L << 53) ? value
            : CBORObject.NewMap().Add("integer", value.toString());
      case FloatingPoint: {
        double number = value.AsDoubleValue();
        if (Double.isNaN(number)) return CBORObject.NewMap().Add("float", "NaN");
        if (Double.isInfinite(number)) return CBORObject.NewMap().Add("float", number > 0 ? "Infinity" : "-Infinity");
        return number == 0 && 1 / number < 0 ? CBORObject.NewMap().Add("float", "-0") : value;
      }
      case ByteString:
        return CBORObject.NewMap().Add("bytes", toBase64(value.GetByteString()));
      case Array: {
        CBORObject list = CBORObject.NewArray();
        for (CBORObject each : value.getValues()) {
          CBORObject one = told(each);
          if (one == null) return null;
          list.Add(one);
        }
        return list;
      }
      case Map: {
        CBORObject pairs = CBORObject.NewArray();
        for (CBORObject key : value.getKeys()) {
          CBORObject one = told(key);
          CBORObject two = told(value.get(key));
          if (one == null || two == null) return null;
          pairs.Add(CBORObject.NewArray().Add(one).Add(two));
        }
        return CBORObject.NewMap().Add("map", pairs);
      }
      default:
        return value;
    }
  }

  static CBORObject value(CBORObject told) throws Unsupported {
    // CBOR-Java takes 1.5 in JSON for a decimal fraction, which is a tagged array.
    if (told.isTagged()) return CBORObject.FromObject(told.AsDouble());
    if (told.getType() == CBORType.Array) {
      CBORObject list = CBORObject.NewArray();
      for (CBORObject each : told.getValues()) list.Add(value(each));
      return list;
    }
    if (told.getType() != CBORType.Map) return told;
    if (told.ContainsKey("integer")) return CBORObject.FromJSONString(text(told, "integer"));
    if (told.ContainsKey("float")) return CBORObject.FromObject(Double.parseDouble(text(told, "float")));
    if (told.ContainsKey("bytes")) return CBORObject.FromObject(fromBase64(text(told, "bytes")));
    if (told.ContainsKey("simple")) return CBORObject.Undefined;
    if (!told.ContainsKey("map")) throw new Unsupported("a value");
    CBORObject map = CBORObject.NewMap();
    for (CBORObject pair : told.get("map").getValues()) map.Add(value(pair.get(0)), value(pair.get(1)));
    return map;
  }

  /** Answers each request by the operation of its name. */
  static void serve(String name, String version, Map<String, Operation> operations) throws IOException {
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = input.readLine()) != null; ) {
      CBORObject request = CBORObject.FromJSONString(line);
      String op = text(request, "op");
      CBORObject answer;
      try {
        if (op.equals("describe"))
          answer = CBORObject.NewMap().Add("name", name).Add("version", version).Add("deterministic", false)
              .Add("inputs", CBORObject.NewArray().Add("hex"));
        else if (request.ContainsKey("options") || !operations.containsKey(op)) throw new Unsupported(op);
        else answer = operations.get(op).answer(request);
        answer.Add("ok", true);
      } catch (Exception | StackOverflowError error) {
        // Whatever the library throws is its refusal.
        answer = CBORObject.NewMap().Add("ok", false).Add("message", String.valueOf(error))
            .Add("reason", error instanceof Unsupported ? "unsupported" : "refused");
      }
      System.out.println(answer.Add("id", request.get("id")).ToJSONString());
    }
  }
}
