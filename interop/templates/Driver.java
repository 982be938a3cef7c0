// A codec in Java: answers JSON requests on lines of standard input with JSON on lines of standard output. The requests come from
// `ace-oauth conformance`, which writes JSON without spaces, so that a template can do without a JSON library. With Jackson or
// another, take that.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Driver {
  static class Unsupported extends Exception {}

  /** The JSON twin of a message. YOUR LIBRARY goes here; what it throws becomes a refusal. */
  static String decode(String message, String hex) throws Exception {
    if (message.equals("error-response") && hex.equals("a1181e03")) return "{\"error\":\"invalid_grant\"}";
    throw new Unsupported();
  }

  /** The CBOR of a message, in hex, that its JSON twin stands for. YOUR LIBRARY goes here. */
  static String encode(String message, String value) throws Exception {
    if (message.equals("error-response") && value.startsWith("{\"error\":\"invalid_grant\"}")) return "a1181e03";
    throw new Unsupported();
  }

  /** The text of a member. */
  static String text(String request, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(request);
    return found.find() ? found.group(1) : "";
  }

  static String answer(String request) throws Exception {
    String op = text(request, "op");
    String message = text(request, "message");
    if (op.equals("describe"))
      return "\"name\":\"my-library\",\"version\":\"0.0.0\",\"inputs\":[\"hex\"],\"deterministic\":false";
    if (request.contains("\"options\":")) throw new Unsupported();
    if (op.equals("decode"))
      return "\"value\":" + decode(message, text(request, "hex")) + ",\"violations\":null,\"unknown\":null";
    if (op.equals("encode"))
      return "\"hex\":\"" + encode(message, request.substring(request.indexOf("\"value\":") + 8)) + "\"";
    throw new Unsupported();
  }

  public static void main(String[] args) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String request; (request = lines.readLine()) != null; ) {
      String told;
      try {
        told = "\"ok\":true," + answer(request);
      } catch (Unsupported error) {
        told = "\"ok\":false,\"reason\":\"unsupported\"";
      } catch (Exception error) {
        told = "\"ok\":false,\"reason\":\"refused\",\"message\":\"" + String.valueOf(error).replaceAll("[\"\\\\\\p{Cntrl}]", "'") + "\"";
      }
      System.out.println("{\"id\":\"" + text(request, "id") + "\"," + told + "}");
    }
  }
}
