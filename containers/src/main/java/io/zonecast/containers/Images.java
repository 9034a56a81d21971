package io.zonecast.containers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import org.testcontainers.utility.DockerImageName;

/** The images that servers are started from, as {@code images.properties} names them. */
final class Images {
  static final DockerImageName KAFKA;
  static final DockerImageName MEMCACHED;
  static final DockerImageName REGISTRY;

  static {
    Properties names = read();
    KAFKA = DockerImageName.parse(names.getProperty("kafka"));
    MEMCACHED = DockerImageName.parse(names.getProperty("memcached"));
    REGISTRY = DockerImageName.parse(names.getProperty("registry"));
  }

  private Images() {}

  private static Properties read() {
    try (InputStream in =
        Objects.requireNonNull(Images.class.getResourceAsStream("images.properties"))) {
      Properties names = new Properties();
      names.load(in);
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
