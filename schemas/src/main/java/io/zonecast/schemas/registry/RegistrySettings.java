package io.zonecast.schemas.registry;

import io.zonecast.schemas.registry.RegistrySchemaIds.Writing;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a registry and how to write with it, under Confluent's configuration names, so that
 * one configuration serves Confluent's own classes too. Every name but {@code
 * auto.register.schemas} and {@code use.latest.version} is also taken with the prefix {@code
 * schema.registry.}. Its text never shows a secret.
 */
public final class RegistrySettings {
  /** The registry's addresses, separated by commas; tried in turn. */
  public static final String URL = "schema.registry.url";

  public static final String AUTO_REGISTER = "auto.register.schemas";
  public static final String USE_LATEST = "use.latest.version";
  public static final String BASIC_SOURCE = "basic.auth.credentials.source";
  public static final String BASIC_USER_INFO = "basic.auth.user.info";
  public static final String BEARER_SOURCE = "bearer.auth.credentials.source";
  public static final String BEARER_TOKEN = "bearer.auth.token";
  public static final String CONNECT_TIMEOUT_MS = "http.connect.timeout.ms";
  public static final String READ_TIMEOUT_MS = "http.read.timeout.ms";
  public static final String MAX_RETRIES = "max.retries";
  public static final String RETRIES_WAIT_MS = "retries.wait.ms";
  public static final String RETRIES_MAX_WAIT_MS = "retries.max.wait.ms";

  /** After which no retry begins any more. Ours: Confluent's classes have none, and ignore it. */
  public static final String DEADLINE_MS = "schema.registry.deadline.ms";

  private static final String PREFIX = "schema.registry.";

  /**
   * Settings of Confluent's classes that ours do not follow, each with the value that they take, of
   * a class the end of its name: what is asked for would silently not be done.
   */
  private static final Map<String, String> NOT_FOLLOWED =
      Map.of(
          "value.subject.name.strategy", "TopicNameStrategy",
          "value.schema.id.serializer", "PrefixSchemaIdSerializer",
          "context.name.strategy", "NullContextNameStrategy",
          "use.schema.id", "-1",
          "normalize.schemas", "false");

  private static final ConfigDef DEFINITION = new ConfigDef();

  static {
    DEFINITION.define(URL, ConfigDef.Type.LIST, ConfigDef.Importance.HIGH, "The addresses.");
    define(AUTO_REGISTER, ConfigDef.Type.BOOLEAN, true);
    define(USE_LATEST, ConfigDef.Type.BOOLEAN, false);
    define(BASIC_SOURCE, ConfigDef.Type.STRING, "URL");
    define(BASIC_USER_INFO, ConfigDef.Type.PASSWORD, "");
    define(BEARER_SOURCE, ConfigDef.Type.STRING, "");
    define(BEARER_TOKEN, ConfigDef.Type.PASSWORD, "");
    define(CONNECT_TIMEOUT_MS, 2_000, 1);
    define(READ_TIMEOUT_MS, 3_000, 1);
    define(MAX_RETRIES, 3, 0);
    define(RETRIES_WAIT_MS, 250, 0);
    define(RETRIES_MAX_WAIT_MS, 2_000, 0);
    define(DEADLINE_MS, 10_000, 0);
  }

  private static void define(String name, ConfigDef.Type type, Object otherwise) {
    DEFINITION.define(name, type, otherwise, ConfigDef.Importance.MEDIUM, name);
  }

  private static void define(String name, int otherwise, int least) {
    DEFINITION.define(
        name,
        ConfigDef.Type.INT,
        otherwise,
        ConfigDef.Range.atLeast(least),
        ConfigDef.Importance.LOW,
        name);
  }

  private final List<URI> addresses;
  private final Optional<String> authorization;
  private final Optional<SSLContext> tls;
  private final Duration connectTimeout;
  private final Duration readTimeout;
  private final RetryPolicy retries;
  private final Writing writing;

  private RegistrySettings(Map<String, ?> configs) {
    Map<String, Object> values = DEFINITION.parse(withoutPrefix(configs));
    List<String> problems = new ArrayList<>();
    NOT_FOLLOWED.forEach(
        (name, followed) -> {
          Object asked = configs.get(name);
          if (asked != null && !asked.toString().endsWith(followed)) {
            problems.add(
                "%s=%s: Zonecast's own classes do not follow it; leave it out, or set it to %s"
                    .formatted(name, asked, followed));
          }
        });
    List<URI> given = addresses(strings(values, URL), problems);
    this.addresses = given.stream().map(RegistrySettings::withoutCredentials).toList();
    this.authorization =
        new RegistryCredentials(
                string(values, BEARER_SOURCE),
                secret(values, BEARER_TOKEN),
                string(values, BASIC_SOURCE),
                secret(values, BASIC_USER_INFO))
            .authorization(given, problems);
    this.tls = RegistryTls.context(configs, problems);
    this.connectTimeout = millis(values, CONNECT_TIMEOUT_MS);
    this.readTimeout = millis(values, READ_TIMEOUT_MS);
    this.retries =
        new RetryPolicy(
            (int) value(values, MAX_RETRIES),
            millis(values, RETRIES_WAIT_MS),
            millis(values, RETRIES_MAX_WAIT_MS),
            millis(values, DEADLINE_MS));
    this.writing =
        (boolean) value(values, USE_LATEST)
            ? Writing.USE_LATEST
            : (boolean) value(values, AUTO_REGISTER) ? Writing.AUTO_REGISTER : Writing.LOOK_UP;
    if (!problems.isEmpty()) {
      throw new ConfigException(String.join("; ", problems));
    }
  }

  /**
   * Reads the settings of a registry; empty if none is configured. Secrets may be {@linkplain
   * SecretReferences references}.
   *
   * @throws ConfigException naming everything that is wrong with them
   */
  public static Optional<RegistrySettings> from(Map<String, ?> configs) {
    Object url = configs.get(URL);
    return url == null || url.toString().isBlank()
        ? Optional.empty()
        : Optional.of(new RegistrySettings(SecretReferences.resolve(configs)));
  }

  /** Makes a client. Nothing is sent before it is first asked. */
  public RegistryClient client() {
    HttpClient.Builder http =
        HttpClient.newBuilder()
            // Registries speak 1.1; an upgrade would only cost a header at each.
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout);
    tls.ifPresent(http::sslContext);
    return new RegistryClient(
        new RegistryHttp(http.build(), addresses, connectTimeout.plus(readTimeout), authorization));
  }

  /** Where the registry is, in the order of asking; without credentials. */
  public List<URI> addresses() {
    return addresses;
  }

  public RetryPolicy retries() {
    return retries;
  }

  public Writing writing() {
    return writing;
  }

  private static List<URI> addresses(List<?> texts, List<String> problems) {
    List<URI> addresses = new ArrayList<>();
    for (Object text : texts) {
      try {
        URI address = new URI(text.toString().strip().replaceAll("/+$", ""));
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if ((scheme.equals("http") || scheme.equals("https")) && address.getHost() != null) {
          addresses.add(address);
        } else {
          problems.add(URL + " wants http://HOST:PORT or https://HOST:PORT, with a path if any");
        }
      } catch (URISyntaxException e) {
        // Its message would show the text, and with it a password.
        problems.add(URL + " has an address that is no URL; write http://HOST:PORT");
      }
    }
    if (texts.isEmpty()) {
      problems.add(URL + " names no address; write http://HOST:PORT");
    }
    return addresses;
  }

  private static Map<String, Object> withoutPrefix(Map<String, ?> configs) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String name : DEFINITION.names()) {
      if (configs.containsKey(PREFIX + name)) {
        values.put(name, configs.get(PREFIX + name));
      } else if (configs.containsKey(name)) {
        values.put(name, configs.get(name));
      }
    }
    return values;
  }

  private static URI withoutCredentials(URI address) {
    String text = address.toString();
    @Nullable String userInfo = address.getRawUserInfo();
    return userInfo == null ? address : URI.create(text.replaceFirst("//[^@/]*@", "//"));
  }

  private static Object value(Map<String, Object> values, String name) {
    Object value = values.get(name);
    if (value == null) {
      throw new ConfigException(name + " has no value");
    }
    return value;
  }

  private static String string(Map<String, Object> values, String name) {
    return value(values, name).toString().strip();
  }

  private static String secret(Map<String, Object> values, String name) {
    return ((Password) value(values, name)).value();
  }

  private static List<?> strings(Map<String, Object> values, String name) {
    return (List<?>) value(values, name);
  }

  private static Duration millis(Map<String, Object> values, String name) {
    return Duration.ofMillis((int) value(values, name));
  }

  @Override
  public String toString() {
    return "schema registry %s%s, %s"
        .formatted(addresses, authorization.isPresent() ? " with credentials" : "", writing);
  }
}
