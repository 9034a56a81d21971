package io.zonecast.sink.simulation;

import java.util.List;

/** Weakened: what members know of each other, of their own past and of others' settings. */
class MemberMutantTest extends MutantKilling {
  static List<Mutant> mutants() {
    return Mutant.weakened().stream()
        .filter(mutant -> mutant.compareTo(Mutant.SUSPECTS_ITSELF) >= 0)
        .toList();
  }
}
