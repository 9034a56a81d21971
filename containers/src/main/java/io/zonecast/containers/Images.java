package io.zonecast.containers;

import java.util.ResourceBundle;
import org.testcontainers.utility.DockerImageName;

/** The images that servers are started from, as {@code images.properties} names them. */
final class Images {
  static final DockerImageName KAFKA = named("kafka");
  static final DockerImageName MEMCACHED = named("memcached");
  static final DockerImageName REGISTRY = named("registry");

  private Images() {}

  private static DockerImageName named(String server) {
    return DockerImageName.parse(
        ResourceBundle.getBundle("io.zonecast.containers.images").getString(server));
  }
}
