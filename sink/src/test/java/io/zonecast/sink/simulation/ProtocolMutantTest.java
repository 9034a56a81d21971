package io.zonecast.sink.simulation;

import java.util.List;

/** Weakened: what a claim, a fill and a checkpoint do on one node. */
class ProtocolMutantTest extends MutantKilling {
  static List<Mutant> mutants() {
    return Mutant.weakened().stream()
        .filter(mutant -> mutant.compareTo(Mutant.SUSPECTS_ITSELF) < 0)
        .toList();
  }
}
