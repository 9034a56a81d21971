package io.zonecast.sandbox;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;

/**
 * Where the broker's jars lie: in {@code broker/}, beside this module's classes or its jar, as the
 * build lays them out; elsewhere by the system property {@value #PROPERTY}.
 */
final class BrokerClassPath {
  static final String PROPERTY = "zonecast.sandbox.broker";

  private BrokerClassPath() {}

  /** The child JVM's class path: this module first, for its main class, then the broker's jars. */
  static String find() {
    Path own = ownLocation();
    Path jars = directory();
    if (!Files.isDirectory(jars)) {
      throw new SandboxException(
          "no Kafka broker at %s; build it with \"mvn process-resources -pl sandbox\", or name its directory with -D%s=DIRECTORY"
              .formatted(jars, PROPERTY));
    }
    return own + File.pathSeparator + jars.resolve("*");
  }

  /** Where the broker's jars are, and beside it what else the sandbox starts. */
  static Path directory() {
    return Optional.ofNullable(System.getProperty(PROPERTY))
        .map(Path::of)
        .orElseGet(() -> ownLocation().resolveSibling("broker"));
  }

  static Path ownLocation() {
    CodeSource source = BrokerClassPath.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new SandboxException("the sandbox's classes have no location of their own");
    }
    try {
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new SandboxException("no path: " + source.getLocation(), e);
    }
  }
}
