package io.zonecast.schemas.registry;

import io.zonecast.schemas.wire.BundledSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.Schema;

/** The subject of a topic's values, and the newest bundled schema's place in it. */
public final class ZoneSubject {
  private final RegistryClient registry;
  private final BundledSchemas bundle;
  private final String subject;

  /**
   * @param bundle the versions of the record that the topic holds
   */
  public ZoneSubject(RegistryClient registry, BundledSchemas bundle, String topic) {
    this.registry = registry;
    this.bundle = bundle;
    this.subject = RegistrySchemaIds.valueSubjectOf(topic);
  }

  /** Its name: {@code zones-value}. */
  public String name() {
    return subject;
  }

  /**
   * Holds the newest bundled schema against every version that the registry has, by FULL_TRANSITIVE
   * whatever the subject's level is, and asks the registry too. Changes nothing.
   */
  public SubjectCheck check() {
    Schema ours = bundle.latest();
    Optional<RegisteredSchema> registered = registry.find(subject, ours);
    if (registered.isPresent()) {
      return new SubjectCheck.Registered(
          subject, registered.get().version(), registered.get().id());
    }
    List<RegisteredSchema> versions = registry.versions(subject);
    if (versions.isEmpty()) {
      return new SubjectCheck.NewSubject(subject);
    }
    List<String> reasons = new ArrayList<>();
    for (RegisteredSchema theirs : versions) {
      reasons.addAll(
          FullCompatibility.problems(
              "this release",
              ours,
              "version " + theirs.version() + " (id " + theirs.id() + ")",
              theirs.schema()));
    }
    if (reasons.isEmpty()) {
      // Only what our own look missed: the registry's words for the same thing would say it twice.
      reasons.addAll(registry.incompatibilities(subject, ours));
    }
    return reasons.isEmpty()
        ? new SubjectCheck.Compatible(subject, versions.size())
        : new SubjectCheck.Incompatible(subject, reasons);
  }

  /**
   * Registers the newest bundled schema, and sets the subject's compatibility level.
   *
   * @throws IncompatibleSchemaException if the level forbids it
   */
  public Registration register(CompatibilityLevel level) {
    Schema ours = bundle.latest();
    boolean there = registry.find(subject, ours).isPresent();
    // Before, so that it is held against this schema too.
    registry.setLevel(subject, level);
    int id = registry.register(subject, ours);
    if (registry.level(subject) != level) {
      // Apicurio forgets the level of a subject that did not exist when it was set.
      registry.setLevel(subject, level);
    }
    int version =
        registry
            .find(subject, ours)
            .map(RegisteredSchema::version)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        registry + " gave id " + id + " and does not find the schema again"));
    return new Registration(subject, version, id, !there, registry.level(subject));
  }

  /** Returns what the registry has under the subject, the oldest version first. */
  public List<SubjectVersion> list() {
    return registry.versions(subject).stream()
        .map(
            theirs ->
                new SubjectVersion(
                    theirs.subject(), theirs.version(), theirs.id(), bundled(theirs.schema())))
        .toList();
  }

  /** Returns the subject's compatibility level, its own or the registry's. */
  public CompatibilityLevel level() {
    return registry.level(subject);
  }

  private OptionalInt bundled(Schema schema) {
    int index = bundle.versions().indexOf(schema);
    return index < 0 ? OptionalInt.empty() : OptionalInt.of(index + 1);
  }

  @Override
  public String toString() {
    return "subject " + subject + " at " + registry;
  }
}
