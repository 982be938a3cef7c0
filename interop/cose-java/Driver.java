// COSE-JAVA with CBOR-Java behind the line protocol: COSE_Sign1, COSE_Mac0, COSE_Encrypt0, COSE_Key, and bare CBOR.

import COSE.AlgorithmID;
import COSE.Attribute;
import COSE.Encrypt0Message;
import COSE.HeaderKeys;
import COSE.MAC0Message;
import COSE.Message;
import COSE.OneKey;
import COSE.Sign1Message;
import com.upokecenter.cbor.CBORObject;
import com.upokecenter.cbor.CBORType;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

public class Driver {
  static class Unsupported extends Exception {
    Unsupported(String what) {
      super(what);
    }
  }

  static final Map<String, AlgorithmID> ALGORITHMS = Map.ofEntries(
      Map.entry("ES256", AlgorithmID.ECDSA_256), Map.entry("ES384", AlgorithmID.ECDSA_384),
      Map.entry("EdDSA", AlgorithmID.EDDSA), Map.entry("HMAC 256/64", AlgorithmID.HMAC_SHA_256_64),
      Map.entry("HMAC 256/256", AlgorithmID.HMAC_SHA_256), Map.entry("HMAC 384/384", AlgorithmID.HMAC_SHA_384),
      Map.entry("AES-CCM-16-64-128", AlgorithmID.AES_CCM_16_64_128),
      Map.entry("AES-CCM-16-64-256", AlgorithmID.AES_CCM_16_64_256),
      Map.entry("AES-CCM-16-128-128", AlgorithmID.AES_CCM_16_128_128),
      Map.entry("AES-CCM-16-128-256", AlgorithmID.AES_CCM_16_128_256),
      Map.entry("A128GCM", AlgorithmID.AES_GCM_128), Map.entry("A192GCM", AlgorithmID.AES_GCM_192),
      Map.entry("A256GCM", AlgorithmID.AES_GCM_256));
  static final Map<String, String> JOSE = Map.of("HS256", "HMAC 256/256", "HS384", "HMAC 384/384");
  static final Map<String, Integer> TYPES = Map.of("OKP", 1, "EC", 2, "oct", 4);
  static final Map<String, Integer> CURVES = Map.of("P-256", 1, "P-384", 2, "P-521", 3, "X25519", 4, "Ed25519", 6);
  static final Map<String, Integer> COORDINATES = Map.of("x", -2, "y", -3, "d", -4);

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

  static CBORObject coseKey(CBORObject jwk) throws Unsupported {
    CBORObject key = CBORObject.NewMap().Add(1, TYPES.get(text(jwk, "kty")));
    if (jwk.ContainsKey("kid")) key.Add(2, opaqueFromText(text(jwk, "kid")));
    if (jwk.ContainsKey("alg")) {
      AlgorithmID alg = ALGORITHMS.get(JOSE.getOrDefault(text(jwk, "alg"), text(jwk, "alg")));
      if (alg == null) throw new Unsupported(text(jwk, "alg"));
      key.Add(3, alg.AsCBOR());
    }
    if (text(jwk, "kty").equals("oct")) return key.Add(-1, fromBase64(text(jwk, "k")));
    if (!CURVES.containsKey(text(jwk, "crv"))) throw new Unsupported(text(jwk, "crv"));
    key.Add(-1, CURVES.get(text(jwk, "crv")));
    for (String name : COORDINATES.keySet())
      if (jwk.ContainsKey(name)) key.Add(COORDINATES.get(name), fromBase64(text(jwk, name)));
    return key;
  }

  static CBORObject jwk(CBORObject key) throws Unsupported {
    CBORObject jwk = CBORObject.NewMap().Add("kty", nameOf(TYPES, key.get(1).AsInt32()));
    if (key.ContainsKey(2)) jwk.Add("kid", opaqueToText(key.get(2).GetByteString()));
    if (key.ContainsKey(3)) {
      String name = null;
      for (var each : ALGORITHMS.entrySet()) if (each.getValue().AsCBOR().equals(key.get(3))) name = each.getKey();
      if (name == null) throw new Unsupported("alg " + key.get(3));
      String jose = nameOf(JOSE, name);
      jwk.Add("alg", jose == null ? name : jose);
    }
    if (key.get(1).AsInt32() == 4) return jwk.Add("k", toBase64(key.get(-1).GetByteString()));
    jwk.Add("crv", nameOf(CURVES, key.get(-1).AsInt32()));
    for (String name : COORDINATES.keySet())
      if (key.ContainsKey(COORDINATES.get(name))) jwk.Add(name, toBase64(key.get(COORDINATES.get(name)).GetByteString()));
    return jwk;
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

  static CBORObject decode(CBORObject request) throws Exception {
    CBORObject item = CBORObject.DecodeFromBytes(unhex(text(request, "hex")));
    CBORObject value;
    if (text(request, "message").equals("cbor")) value = told(item);
    else if (text(request, "message").equals("cose-key")) value = jwk(new OneKey(item).AsCBOR());
    else throw new Unsupported(text(request, "message"));
    return value == null ? CBORObject.NewMap() : CBORObject.NewMap().Add("value", value);
  }

  static CBORObject encode(CBORObject request) throws Exception {
    CBORObject told = request.get("value");
    byte[] bytes;
    if (text(request, "message").equals("cbor")) bytes = value(told).EncodeToBytes();
    else if (text(request, "message").equals("cose-key")) bytes = new OneKey(coseKey(told)).EncodeToBytes();
    else throw new Unsupported(text(request, "message"));
    return CBORObject.NewMap().Add("hex", hex(bytes));
  }

  static CBORObject open(CBORObject request) throws Exception {
    Message message = Message.DecodeFromBytes(unhex(text(request, "hex")));
    message.setExternal(unhex(text(request, "externalAad")));
    Exception refusal = new Exception("no key verifies it");
    for (CBORObject each : request.get("keys").getValues()) {
      try {
        CBORObject key = coseKey(each);
        byte[] payload;
        String structure;
        if (message instanceof Sign1Message signed) {
          structure = "sign1";
          payload = signed.validate(new OneKey(key)) ? signed.GetContent() : null;
        } else if (message instanceof MAC0Message mac) {
          structure = "mac0";
          payload = mac.Validate(key.get(-1).GetByteString()) ? mac.GetContent() : null;
        } else if (message instanceof Encrypt0Message encrypted) {
          structure = "encrypt0";
          payload = encrypted.decrypt(key.get(-1).GetByteString());
        } else throw new Unsupported(message.getClass().getName());
        if (payload == null) continue;
        CBORObject number = message.findAttribute(HeaderKeys.Algorithm);
        String alg = number.toString();
        for (var one : ALGORITHMS.entrySet()) if (one.getValue().AsCBOR().equals(number)) alg = one.getKey();
        return CBORObject.NewMap().Add("structure", structure).Add("alg", alg).Add("payload", hex(payload));
      } catch (Exception error) {
        refusal = error;
      }
    }
    throw refusal;
  }

  static CBORObject protect(CBORObject request) throws Exception {
    AlgorithmID alg = ALGORITHMS.get(text(request, "alg"));
    if (alg == null) throw new Unsupported(text(request, "alg"));
    CBORObject key = coseKey(request.get("key"));
    String name = text(request, "alg");
    Message message = name.startsWith("E") ? new Sign1Message() : name.startsWith("HMAC") ? new MAC0Message() : new Encrypt0Message();
    message.addAttribute(HeaderKeys.Algorithm, alg.AsCBOR(), Attribute.PROTECTED);
    if (key.ContainsKey(2)) message.addAttribute(HeaderKeys.KID, key.get(2), Attribute.UNPROTECTED);
    message.SetContent(unhex(text(request, "payload")));
    message.setExternal(unhex(text(request, "externalAad")));
    if (message instanceof Sign1Message signed) signed.sign(new OneKey(key));
    else if (message instanceof MAC0Message mac) mac.Create(key.get(-1).GetByteString());
    else ((Encrypt0Message) message).encrypt(key.get(-1).GetByteString());
    return CBORObject.NewMap().Add("hex", hex(message.EncodeToBytes()));
  }

  static CBORObject answer(CBORObject request) throws Exception {
    String op = text(request, "op");
    if (op.equals("describe"))
      return CBORObject.NewMap().Add("name", "COSE-JAVA").Add("version", "1.1.0").Add("deterministic", false)
          .Add("inputs", CBORObject.NewArray().Add("hex"));
    if (request.ContainsKey("options")) throw new Unsupported("options");
    switch (op) {
      case "decode":
        return decode(request);
      case "encode":
        return encode(request);
      case "cose-open":
        return open(request);
      case "cose-protect":
        return protect(request);
      default:
        throw new Unsupported(op);
    }
  }

  public static void main(String[] args) throws Exception {
    java.security.Security.addProvider(new net.i2p.crypto.eddsa.EdDSASecurityProvider());
    java.security.Security.addProvider(new org.bouncycastle.jce.provider.BouncyCastleProvider());
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = input.readLine()) != null; ) {
      CBORObject request = CBORObject.FromJSONString(line);
      CBORObject answer;
      try {
        answer = answer(request).Add("ok", true);
      } catch (Exception | StackOverflowError error) {
        // Whatever the library throws is its refusal.
        answer = CBORObject.NewMap().Add("ok", false).Add("message", String.valueOf(error))
            .Add("reason", error instanceof Unsupported ? "unsupported" : "refused");
      }
      System.out.println(answer.Add("id", request.get("id")).ToJSONString());
    }
  }
}
