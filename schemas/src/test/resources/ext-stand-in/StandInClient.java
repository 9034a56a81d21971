package com.example.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;

class StandInClient {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String url;

  StandInClient(String url) {
    this.url = url;
  }

  Schema schema(int id) throws IOException, RestClientException {
    return new Schema.Parser().parse(ask("/schemas/ids/" + id, null).path("schema").asText());
  }

  int register(String subject, Schema schema) throws IOException, RestClientException {
    String body = MAPPER.createObjectNode().put("schema", schema.toString()).toString();
    return ask("/subjects/" + subject + "/versions", body).path("id").asInt();
  }

  private JsonNode ask(String path, String body) throws IOException, RestClientException {
    HttpURLConnection http = (HttpURLConnection) URI.create(url + path).toURL().openConnection();
    if (body != null) {
      http.setRequestMethod("POST");
      http.setDoOutput(true);
      http.setRequestProperty("Content-Type", "application/vnd.schemaregistry.v1+json");
      http.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    }
    if (http.getResponseCode() == 200) {
      try (InputStream in = http.getInputStream()) {
        return MAPPER.readTree(in);
      }
    }
    try (InputStream in = http.getErrorStream()) {
      JsonNode error = MAPPER.readTree(in);
      throw new RestClientException(
          error.path("message").asText(), error.path("error_code").asInt());
    }
  }
}
