package io.zonecast.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zonecast.app.trust.KafkaRight;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.fixture.BrokerMetadata;
import io.zonecast.schemas.fixture.PlainTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;

/** The secured broker as its administrator has it: users, rights, and files to hand out. */
final class SecuredKafka implements AutoCloseable {
  static final String TRUST_STORE_PASSWORD = "trust-store-password";
  static final String KEY_STORE_PASSWORD = "key-store-password";

  private final SecuredBroker broker = SecuredBroker.shared();
  private final Admin admin = Admin.create(Map.of("bootstrap.servers", broker.administration()));

  SecuredBroker broker() {
    return broker;
  }

  Admin admin() {
    return admin;
  }

  /** Writes the files that {@code docs/security.md} speaks of. */
  void handOut(Path directory, String scramPassword) throws IOException {
    broker.authority().writeTrustStore(directory.resolve("authority.p12"), TRUST_STORE_PASSWORD);
    Files.writeString(directory.resolve("authority.pem"), broker.authority().pem());
    broker
        .authority()
        .identity(SecuredBroker.CLIENT)
        .writeKeyStore(directory.resolve("rates.p12"), KEY_STORE_PASSWORD);
    broker.authority().identity(SecuredBroker.CLIENT).writePem(directory.resolve("rates.pem"));
    Files.writeString(
        directory.resolve("secrets.properties"),
        "truststore=%s%nkeystore=%s%n".formatted(TRUST_STORE_PASSWORD, KEY_STORE_PASSWORD));
    Files.createDirectories(directory.resolve("secrets"));
    Files.writeString(directory.resolve("secrets").resolve("scram"), scramPassword);
  }

  void addUser(String name, String password) throws ExecutionException, InterruptedException {
    admin
        .alterUserScramCredentials(
            List.of(
                new UserScramCredentialUpsertion(
                    name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password)))
        .all()
        .get();
    BrokerMetadata.settle(admin);
  }

  /**
   * Leaves {@code principal} these rights and no others. Rights that it keeps are never taken away
   * in between: a sink that polls just then would be refused, and end.
   */
  void allowOnly(String principal, List<KafkaRight> rights)
      throws ExecutionException, InterruptedException {
    List<AclBinding> wanted = new ArrayList<>();
    for (KafkaRight right : rights) {
      for (AclOperation operation : right.operations()) {
        wanted.add(
            new AclBinding(
                new ResourcePattern(
                    right.type(),
                    right.prefix().orElse(right.name()),
                    right.prefix().isPresent() ? PatternType.PREFIXED : PatternType.LITERAL),
                new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW)));
      }
    }
    var all =
        new AclBindingFilter(
            ResourcePatternFilter.ANY,
            new AccessControlEntryFilter(principal, null, AclOperation.ANY, AclPermissionType.ANY));
    List<AclBinding> unwanted = new ArrayList<>(admin.describeAcls(all).values().get());
    unwanted.removeAll(wanted);
    admin.createAcls(wanted).all().get();
    admin.deleteAcls(unwanted.stream().map(AclBinding::toFilter).toList()).all().get();
    BrokerMetadata.settle(admin);
  }

  /** Makes the group, at the beginning of the topic: all of it waits to be read. */
  void commitTheBeginning(String group, String topic)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> beginnings = new HashMap<>();
    for (int partition = 0; partition < ZoneTopic.DEFAULT_PARTITIONS; partition++) {
      beginnings.put(new TopicPartition(topic, partition), new OffsetAndMetadata(0));
    }
    admin.alterConsumerGroupOffsets(group, beginnings).all().get();
  }

  /** Writes one record, as nobody who has only the documented rights could. */
  void send(String topic, String key, String value)
      throws ExecutionException, InterruptedException {
    new PlainTopic(broker.administration(), topic).send(key.getBytes(UTF_8), value.getBytes(UTF_8));
  }

  /** How many records the first partition of {@code topic} has had; 0 if it is not there. */
  long endOf(String topic) throws InterruptedException {
    TopicPartition first = new TopicPartition(topic, 0);
    try {
      return admin
          .listOffsets(Map.of(first, OffsetSpec.latest()))
          .partitionResult(first)
          .get()
          .offset();
    } catch (ExecutionException notThere) {
      return 0;
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
