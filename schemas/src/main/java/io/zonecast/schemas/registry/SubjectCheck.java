package io.zonecast.schemas.registry;

import java.util.List;

/** What a registry would say to a schema, before anyone deploys it. */
public sealed interface SubjectCheck {

  /** Whether writers can go ahead. */
  boolean passed();

  /** The schema is there already. */
  record Registered(String subject, int version, int id) implements SubjectCheck {
    @Override
    public boolean passed() {
      return true;
    }
  }

  /** There is no such subject: the first version of it may be anything. */
  record NewSubject(String subject) implements SubjectCheck {
    @Override
    public boolean passed() {
      return true;
    }
  }

  /** The schema reads, and is read by, every version that is there. */
  record Compatible(String subject, int versions) implements SubjectCheck {
    @Override
    public boolean passed() {
      return true;
    }
  }

  /** Some version cannot read the schema, or the other way round, or the registry says no. */
  record Incompatible(String subject, List<String> reasons) implements SubjectCheck {
    public Incompatible {
      reasons = List.copyOf(reasons);
    }

    @Override
    public boolean passed() {
      return false;
    }
  }
}
