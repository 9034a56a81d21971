package io.zonecast.app;

import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.zonecast.sandbox.SchemaRegistryServer;
import io.zonecast.sandbox.Servers;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The real schema registry of this JVM's tests, started on first use; it ends with the JVM. */
final class SharedRegistry {
  private static final class Started {
    static final SchemaRegistryServer INSTANCE = Servers.shared().schemaRegistry();
  }

  private SharedRegistry() {}

  static URI url() {
    assumeThat(Servers.shared().hasSchemaRegistry())
        .as("a schema registry unpacked by the profile \"registry\"")
        .isTrue();
    return URI.create(Started.INSTANCE.url());
  }

  /** The latest version of a subject, asked for without any class of ours. */
  static JsonNode latest(String subject) throws IOException {
    URI latest = URI.create(url() + "/subjects/" + subject + "/versions/latest");
    try (InputStream answer = latest.toURL().openStream()) {
      return new ObjectMapper().readTree(answer);
    }
  }

  /** Registers a schema, and returns its id. */
  static int register(String subject, String schema) throws IOException, InterruptedException {
    String body = JsonNodeFactory.instance.objectNode().put("schema", schema).toString();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + "/subjects/" + subject + "/versions"))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    return new ObjectMapper().readTree(answer.body()).get("id").asInt();
  }
}
