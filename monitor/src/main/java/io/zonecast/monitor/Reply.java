package io.zonecast.monitor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An answer: a status, a media type and a body, which is not to be changed any more. */
public final class Reply {
  static final int OK = 200;
  static final int UNAVAILABLE = 503;

  private static final JsonFactory JSON = new JsonFactory();

  private final int status;
  private final String mediaType;
  private final byte[] body;

  private Reply(int status, String mediaType, byte[] body) {
    this.status = status;
    this.mediaType = mediaType;
    this.body = body;
  }

  /** What was asked for. */
  public static Reply of(String mediaType, byte[] body) {
    return new Reply(OK, mediaType, body);
  }

  /** A line of text under a status. */
  static Reply text(int status, String line) {
    return new Reply(
        status, "text/plain; charset=utf-8", (line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** One JSON document. */
  public static Reply json(JsonBody body) throws IOException {
    return json(OK, body);
  }

  static Reply json(int status, JsonBody body) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = JSON.createGenerator(bytes)) {
      body.write(generator);
    }
    return new Reply(status, "application/json", bytes.toByteArray());
  }

  /** Writes one JSON value. */
  @FunctionalInterface
  public interface JsonBody {
    void write(JsonGenerator generator) throws IOException;
  }

  int status() {
    return status;
  }

  String mediaType() {
    return mediaType;
  }

  byte[] body() {
    return body;
  }
}
