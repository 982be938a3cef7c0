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
import java.io.IOException;
import java.security.Security;
import java.util.Map;

public class Driver extends Codec {
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

  public static void main(String[] args) throws IOException {
    Security.addProvider(new net.i2p.crypto.eddsa.EdDSASecurityProvider());
    Security.addProvider(new org.bouncycastle.jce.provider.BouncyCastleProvider());
    serve("COSE-JAVA", "1.1.0", Map.of("decode", Driver::decode, "encode", Driver::encode, "cose-open", Driver::open,
        "cose-protect", Driver::protect));
  }
}
