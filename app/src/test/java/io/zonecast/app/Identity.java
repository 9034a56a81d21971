package io.zonecast.app;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** A private key with its certificate and those that vouch for it, the own one first. */
final class Identity {
  private final PrivateKey key;
  private final List<X509Certificate> chain;

  Identity(PrivateKey key, List<X509Certificate> chain) {
    this.key = key;
    this.chain = List.copyOf(chain);
  }

  /** The certificate's subject, as {@code CN=rates}: after {@code User:}, Kafka's name for it. */
  String subject() {
    return chain.get(0).getSubjectX500Principal().getName();
  }

  /** The key, as Kafka's {@code ssl.keystore.key} takes it. */
  String pemKey() {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  /** The certificates, as Kafka's {@code ssl.keystore.certificate.chain} takes them. */
  String pemChain() {
    return chain.stream().map(Identity::pem).collect(Collectors.joining());
  }

  /** Writes a PKCS#12 key store, as {@code ssl.keystore.location} names one. */
  Path writeKeyStore(Path file, String password) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("zonecast", key, password.toCharArray(), chain.toArray(Certificate[]::new));
      return write(store, file, password);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no key store can be made: " + e.getMessage(), e);
    }
  }

  static Path write(KeyStore store, Path file, String password)
      throws GeneralSecurityException, IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password.toCharArray());
    }
    return file;
  }

  static String pem(Certificate certificate) {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate has no encoding: " + e.getMessage(), e);
    }
  }

  private static String pem(String kind, byte[] der) {
    String base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
  }

  /** Writes key and certificates into one file, as {@code ssl.keystore.type=PEM} wants it. */
  Path writePem(Path file) {
    try {
      return Files.writeString(file, pemKey() + pemChain());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return subject();
  }
}
