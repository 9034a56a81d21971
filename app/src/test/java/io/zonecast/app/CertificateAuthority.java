package io.zonecast.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Vouches for the servers and clients of one test run. Everything is made anew by the JDK's {@code
 * keytool}, is good for a day and for 127.0.0.1 and localhost, and lies on no disk unless a caller
 * writes it there.
 */
final class CertificateAuthority {
  private static final String AUTHORITY = "authority";
  private static final int LIMIT_SECONDS = 60;

  private final X509Certificate certificate;
  private final Map<String, Identity> identities;

  private CertificateAuthority(X509Certificate certificate, Map<String, Identity> identities) {
    this.certificate = certificate;
    this.identities = Map.copyOf(identities);
  }

  /**
   * Makes an authority with its identities, at about half a second each.
   *
   * @param valid common names to be vouched for
   * @param expired common names whose certificates ended yesterday
   */
  static CertificateAuthority make(List<String> valid, List<String> expired) {
    try {
      Path directory = Files.createTempDirectory("zonecast-keys-");
      Path store = directory.resolve("keys.p12");
      try {
        // Nobody else ever opens it; it is gone in some seconds.
        String password = UUID.randomUUID().toString();
        keytool(
            store,
            password,
            AUTHORITY,
            List.of("-ext", "bc:c", "-ext", "ku:c=keyCertSign,cRLSign"));
        for (String name : valid) {
          keytool(store, password, name, vouched());
        }
        for (String name : expired) {
          List<String> options = new ArrayList<>(vouched());
          options.addAll(List.of("-startdate", "-2d"));
          keytool(store, password, name, options);
        }
        return load(store, password, Stream.concat(valid.stream(), expired.stream()).toList());
      } finally {
        Files.deleteIfExists(store);
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The identity made under this common name. */
  Identity identity(String name) {
    Identity identity = identities.get(name);
    if (identity == null) {
      throw new IllegalArgumentException(
          "no identity " + name + ", only " + identities.keySet() + "; name it in make");
    }
    return identity;
  }

  /** The authority's own certificate, as Kafka's {@code ssl.truststore.certificates} takes it. */
  String pem() {
    return Identity.pem(certificate);
  }

  /** Writes a PKCS#12 trust store, as {@code ssl.truststore.location} names one. */
  Path writeTrustStore(Path file, String password) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry(AUTHORITY, certificate);
      return Identity.write(store, file, password);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no trust store can be made: " + e.getMessage(), e);
    }
  }

  private static List<String> vouched() {
    return List.of(
        "-signer",
        AUTHORITY,
        "-ext",
        "san=ip:127.0.0.1,dns:localhost",
        "-ext",
        "eku=serverAuth,clientAuth");
  }

  private static void keytool(Path store, String password, String name, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-alias", name, "-dname", "CN=" + name, "-validity", "1"));
    command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
    // Not as an argument, which any process could read.
    command.addAll(List.of("-storepass:env", "ZONECAST_KEYS"));
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("ZONECAST_KEYS", password);
    try {
      Process keytool = builder.start();
      keytool.getOutputStream().close();
      String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!keytool.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        keytool.destroyForcibly();
        throw new IllegalStateException("keytool made no certificate for " + name + ": " + said);
      }
    } catch (IOException e) {
      throw new IllegalStateException("keytool cannot be run; install a whole JDK, not a JRE", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a certificate was being made", e);
    }
  }

  private static CertificateAuthority load(Path file, String password, List<String> names)
      throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password.toCharArray());
      Map<String, Identity> identities = new HashMap<>();
      for (String name : names) {
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate each : store.getCertificateChain(name)) {
          chain.add((X509Certificate) each);
        }
        identities.put(
            name, new Identity((PrivateKey) store.getKey(name, password.toCharArray()), chain));
      }
      return new CertificateAuthority(
          (X509Certificate) store.getCertificate(AUTHORITY), identities);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("what keytool made cannot be read: " + e.getMessage(), e);
    }
  }
}
