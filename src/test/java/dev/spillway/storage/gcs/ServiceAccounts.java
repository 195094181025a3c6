package dev.spillway.storage.gcs;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** One service account with one key, and the tokens that it has got. Any thread may call. */
final class ServiceAccounts {

  static final String ACCOUNT = "publisher@spillway-test.iam.gserviceaccount.com";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String root;
  private final Set<Object> audiences;
  private volatile KeyPair keys = newKeys();
  private final Clock clock;
  private final Set<String> tokens = ConcurrentHashMap.newKeySet();
  private final AtomicLong issued = new AtomicLong();
  private volatile long seconds = 3599;
  private volatile boolean hasMachineAccount;

  ServiceAccounts(String root, Clock clock) {
    this.root = root;
    // Libraries name the public address, wherever the token comes from.
    this.audiences = Set.of(root + "/token", "https://oauth2.googleapis.com/token");
    this.clock = clock;
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has RSA", e);
    }
  }

  /** From now on there is another key, and the one before is worth nothing. */
  void replaceKey() {
    keys = newKeys();
  }

  /** So long are the tokens good that are handed out from now on. */
  void tokensLast(Duration length) {
    seconds = length.toSeconds();
  }

  /** What the metadata server says: this machine has a service account, or it has none. */
  Reply ofMachine(Call call) {
    boolean asked = call.header("Metadata-Flavor").filter("Google"::equals).isPresent();
    return asked && hasMachineAccount ? handOut() : Reply.text(asked ? 404 : 403, "not found");
  }

  void giveToMachine() {
    hasMachineAccount = true;
  }

  /** The key file, as the console hands it out. */
  String keyFile() {
    String encoded =
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(keys.getPrivate().getEncoded());
    Map<String, String> file =
        Map.of(
            "type", "service_account",
            "project_id", "spillway-test",
            "private_key_id", "0123456789abcdef",
            "private_key",
                "-----BEGIN PRIVATE KEY-----\n" + encoded + "\n-----END PRIVATE KEY-----\n",
            "client_email", ACCOUNT,
            "client_id", "100000000000000000001",
            "token_uri", root + "/token");
    try {
      return JSON.writeValueAsString(file);
    } catch (IOException e) {
      throw new IllegalStateException("texts are JSON", e);
    }
  }

  /** No token that was handed out is good any more. */
  void revoke() {
    tokens.clear();
  }

  boolean knows(String token) {
    return tokens.contains(token);
  }

  Reply token(Call call) throws IOException {
    String form = new String(call.body().readNBytes(65_536), StandardCharsets.UTF_8);
    for (String field : form.split("&", -1)) {
      if (field.startsWith("assertion=")) {
        return exchange(URLDecoder.decode(field.substring(10), StandardCharsets.UTF_8));
      }
    }
    return refused("invalid_request", "Missing parameter: assertion");
  }

  private Reply exchange(String assertion) throws IOException {
    String[] parts = assertion.split("\\.", -1);
    if (parts.length != 3 || !isSigned(parts)) {
      return refused("invalid_grant", "Invalid JWT Signature.");
    }
    Map<String, Object> claims =
        JSON.readValue(
            Base64.getUrlDecoder().decode(parts[1]), new TypeReference<Map<String, Object>>() {});
    long now = clock.instant().getEpochSecond();
    boolean inTime = claims.get("exp") instanceof Number end && end.longValue() >= now;
    if (!inTime || !audiences.contains(claims.get("aud"))) {
      return refused("invalid_grant", "Invalid JWT: Token must be a short-lived token.");
    }
    if (!ACCOUNT.equals(claims.get("iss"))) {
      return refused("invalid_grant", "Invalid grant: account not found");
    }
    return handOut();
  }

  private Reply handOut() {
    String token = "ya29.fake-" + issued.incrementAndGet();
    tokens.add(token);
    return Reply.json(
        200,
        Map.<String, Object>of(
            "access_token", token, "expires_in", seconds, "token_type", "Bearer"));
  }

  private boolean isSigned(String[] parts) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(keys.getPublic());
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private static Reply refused(String error, String description) {
    return Reply.json(400, Map.of("error", error, "error_description", description));
  }
}
