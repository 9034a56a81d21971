package io.zonecast.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * What others rely on to the letter, in files of {@code src/test/resources}: a file is changed only
 * when those others have been thought of.
 */
public final class Golden {
  private Golden() {}

  /** Requires this text to be the file's. */
  public static void assertIs(String file, String text) {
    assertThat(text).as(file).isEqualTo(read(file));
  }

  /** Requires this document to be the file's, its keys in the same order. */
  public static void assertIs(String file, JsonNode document) {
    try {
      assertIs(
          file,
          new ObjectMapper()
                  .writerWithDefaultPrettyPrinter()
                  .writeValueAsString(document)
                  .replace("\r", "")
              + "\n");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file as it is. */
  public static String read(String file) {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + file)) {
      return new String(
          Objects.requireNonNull(in, "there is no golden/" + file).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
