package io.zonecast.schemas.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.schemas.wire.RegistryUnavailableException;
import io.zonecast.schemas.wire.UndecodableValueException;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * The part of Confluent's registry API that Zonecast needs, as Confluent Schema Registry, Apicurio
 * ({@code /apis/ccompat/v7}), Karapace and Redpanda speak it. Each call asks each address once and
 * remembers nothing. Thread-safe.
 *
 * <p>All methods throw {@link RegistryUnavailableException} if no address answers as a registry
 * does, and {@link SerializationException} if one answers with an error that the method does not
 * speak of. Both name what was asked for and the address.
 *
 * @see <a
 *     href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">API</a>
 */
public final class RegistryClient {
  /** No sound schema comes near; a registry that answers nonsense would go on for ever. */
  private static final int MAX_REFERENCES = 100;

  private final RegistryHttp http;

  RegistryClient(RegistryHttp http) {
    this.http = http;
  }

  /**
   * Returns the schema that the registry has under {@code id}.
   *
   * @throws UnknownSchemaIdException if it has none
   * @throws UndecodableValueException if it is no Avro schema
   */
  public Schema schemaOf(int id) {
    String purpose = "schema id " + id;
    RegistryAnswer answer = http.ask(purpose, "GET", "/schemas/ids/" + id, null);
    if (answer.isNotFound()) {
      throw new UnknownSchemaIdException(
          id,
          ("schema id %s is unknown to the schema registry %s (%s); was the record"
                  + " written with another registry?")
              .formatted(id, answer.address(), answer.error()));
    }
    JsonNode found = ok(purpose, answer);
    String type = found.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw new UndecodableValueException(
          "schema id " + id + " is of type " + type + " at " + answer.address() + ", not Avro");
    }
    return parse(purpose, answer, found);
  }

  /**
   * Registers {@code schema} under {@code subject}, if it is not there yet, and returns its id.
   *
   * @throws IncompatibleSchemaException if the subject's compatibility level forbids it
   */
  public int register(String subject, Schema schema) {
    String purpose = "registering under subject " + subject;
    RegistryAnswer answer = http.ask(purpose, "POST", versionsOf(subject), schemaBody(schema));
    if (answer.isConflict()) {
      // Of two who register a subject's first version at once, Apicurio tells one that it is there
      // already. Asked again it gives the id; what is incompatible stays so.
      answer = http.ask(purpose, "POST", versionsOf(subject), schemaBody(schema));
    }
    if (answer.isConflict()) {
      throw new IncompatibleSchemaException(
          ("subject %s does not take the schema (%s at %s); see \"zonecast schemas"
                  + " check\", or change the subject's compatibility level")
              .formatted(subject, answer.error(), answer.address()));
    }
    return id(purpose, answer, ok(purpose, answer));
  }

  /** Returns the version of {@code subject} that is {@code schema}, if there is one. */
  public Optional<RegisteredSchema> find(String subject, Schema schema) {
    String purpose = "subject " + subject;
    return version(
        purpose, http.ask(purpose, "POST", "/subjects/" + encode(subject), schemaBody(schema)));
  }

  /** Returns the latest version of {@code subject}, if there is one. */
  public Optional<RegisteredSchema> latest(String subject) {
    String purpose = "the latest version of subject " + subject;
    return version(purpose, http.ask(purpose, "GET", versionsOf(subject) + "/latest", null));
  }

  /**
   * Returns all versions of {@code subject}, the oldest first; none if there is no such subject.
   */
  public List<RegisteredSchema> versions(String subject) {
    String purpose = "the versions of subject " + subject;
    RegistryAnswer answer = http.ask(purpose, "GET", versionsOf(subject), null);
    if (answer.isNotFound()) {
      return List.of();
    }
    List<RegisteredSchema> versions = new ArrayList<>();
    for (JsonNode number : ok(purpose, answer)) {
      String one = "version " + number.asInt() + " of subject " + subject;
      version(one, http.ask(one, "GET", versionsOf(subject) + "/" + number.asInt(), null))
          .ifPresent(versions::add);
    }
    return List.copyOf(versions);
  }

  /** Returns the names of all subjects. */
  public List<String> subjects() {
    String purpose = "its subjects";
    List<String> subjects = new ArrayList<>();
    ok(purpose, http.ask(purpose, "GET", "/subjects", null))
        .forEach(name -> subjects.add(name.asText()));
    return List.copyOf(subjects);
  }

  /**
   * Returns what forbids {@code schema} as the next version of {@code subject}; nothing if none.
   */
  public List<String> incompatibilities(String subject, Schema schema) {
    String purpose = "the compatibility with subject " + subject;
    RegistryAnswer answer =
        http.ask(
            purpose,
            "POST",
            "/compatibility" + versionsOf(subject) + "/latest?verbose=true",
            schemaBody(schema));
    if (answer.isNotFound()) {
      return List.of();
    }
    JsonNode verdict = ok(purpose, answer);
    if (verdict.path("is_compatible").asBoolean(false)) {
      return List.of();
    }
    List<String> reasons = new ArrayList<>();
    verdict.path("messages").forEach(message -> reasons.add(message.asText()));
    if (reasons.isEmpty()) {
      // Apicurio has one reason, Confluent's registry a list of messages.
      reasons.add(verdict.path("reason").asText("no reason given"));
    }
    return List.copyOf(reasons);
  }

  /** Returns the compatibility level in force for {@code subject}: its own, else the registry's. */
  public CompatibilityLevel level(String subject) {
    String purpose = "the compatibility level of subject " + subject;
    RegistryAnswer own = http.ask(purpose, "GET", "/config/" + encode(subject), null);
    RegistryAnswer inForce = own.isNotFound() ? http.ask(purpose, "GET", "/config", null) : own;
    String level = ok(purpose, inForce).path("compatibilityLevel").asText("");
    try {
      return CompatibilityLevel.valueOf(level);
    } catch (IllegalArgumentException e) {
      throw strange(purpose, inForce);
    }
  }

  /** Sets the compatibility level of {@code subject}, which need not exist yet. */
  public void setLevel(String subject, CompatibilityLevel level) {
    String purpose = "setting the compatibility level of subject " + subject;
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("compatibility", level.name());
    ok(purpose, http.ask(purpose, "PUT", "/config/" + encode(subject), body));
  }

  private Optional<RegisteredSchema> version(String purpose, RegistryAnswer answer) {
    if (answer.isNotFound()) {
      return Optional.empty();
    }
    JsonNode found = ok(purpose, answer);
    return Optional.of(
        new RegisteredSchema(
            found.path("subject").asText(),
            found.path("version").asInt(),
            id(purpose, answer, found),
            parse(purpose, answer, found)));
  }

  private static JsonNode ok(String purpose, RegistryAnswer answer) {
    if (answer.isOk()) {
      return answer.json();
    }
    throw new SerializationException(
        "schema registry %s answers %s for %s: %s"
            .formatted(answer.address(), answer.status(), purpose, answer.error()));
  }

  private static int id(String purpose, RegistryAnswer answer, JsonNode found) {
    JsonNode id = found.path("id");
    if (!id.isInt() || id.asInt() < 0) {
      throw strange(purpose, answer);
    }
    return id.asInt();
  }

  private Schema parse(String purpose, RegistryAnswer answer, JsonNode found) {
    // Other writers' tools are laxer than Avro's defaults about names and default values; none of
    // that matters to who only reads.
    Schema.Parser parser =
        new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false);
    return parse(purpose, answer, found, parser, new HashSet<>());
  }

  /** Parses what the schema refers to first, each once, however the references run. */
  private Schema parse(
      String purpose,
      RegistryAnswer answer,
      JsonNode found,
      Schema.Parser parser,
      Set<String> parsed) {
    for (JsonNode reference : found.path("references")) {
      String subject = reference.path("subject").asText();
      int version = reference.path("version").asInt();
      String one = "version " + version + " of subject " + subject + ", wanted by " + purpose;
      if (parsed.add(subject + ' ' + version)) {
        if (parsed.size() > MAX_REFERENCES) {
          throw new UndecodableValueException(
              purpose + " refers to more than " + MAX_REFERENCES + " other schemas");
        }
        RegistryAnswer referred = http.ask(one, "GET", versionsOf(subject) + "/" + version, null);
        parse(one, referred, ok(one, referred), parser, parsed);
      }
    }
    @Nullable String text = found.path("schema").textValue();
    if (text == null) {
      throw strange(purpose, answer);
    }
    try {
      return parser.parse(text);
    } catch (AvroRuntimeException e) {
      throw new RegistryUnavailableException(
          "schema registry %s answers for %s with a schema that Avro cannot parse"
              .formatted(answer.address(), purpose),
          e);
    }
  }

  private static RegistryUnavailableException strange(String purpose, RegistryAnswer answer) {
    return new RegistryUnavailableException(
        ("schema registry %s answers for %s with JSON that is not a schema registry's;"
                + " check schema.registry.url")
            .formatted(answer.address(), purpose));
  }

  private static ObjectNode schemaBody(Schema schema) {
    return JsonNodeFactory.instance.objectNode().put("schema", schema.toString());
  }

  private static String versionsOf(String subject) {
    return "/subjects/" + encode(subject) + "/versions";
  }

  private static String encode(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return "schema registry " + http;
  }
}
