package io.zonecast.schemas.registry;

import java.util.List;

/** What a registry would say to a schema, before anyone deploys it. */
public sealed interface SubjectCheck {

  /** Whether writers can go ahead. */
  default boolean passed() {
    return !(this instanceof Incompatible);
  }

  /** What was found, in a word that programs rely on: the name of the variant. */
  default String finding() {
    return getClass().getSimpleName();
  }

  /** What was found, for people; the reasons apart. */
  String words();

  /** The schema is there already. */
  record Registered(String subject, int version, int id) implements SubjectCheck {
    @Override
    public String words() {
      return "%s: registered, version %d, id %d".formatted(subject, version, id);
    }
  }

  /** There is no such subject: the first version of it may be anything. */
  record NewSubject(String subject) implements SubjectCheck {
    @Override
    public String words() {
      return subject + ": the registry has no version yet";
    }
  }

  /** The schema reads, and is read by, every version that is there. */
  record Compatible(String subject, int versions) implements SubjectCheck {
    @Override
    public String words() {
      return "%s: fits all of the registry's versions (%d)".formatted(subject, versions);
    }
  }

  /** Some version cannot read the schema, or the other way round, or the registry says no. */
  record Incompatible(String subject, List<String> reasons) implements SubjectCheck {
    public Incompatible {
      reasons = List.copyOf(reasons);
    }

    @Override
    public String words() {
      return subject + ": the schema does not fit the registry's versions:";
    }
  }
}
