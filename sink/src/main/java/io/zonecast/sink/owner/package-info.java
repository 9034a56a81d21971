/**
 * Decides whose a node's entries are: keeps the entry {@code zonecast/owners}, and checks it before
 * a sink or a command claims, sweeps, repairs or removes anything. The caller acts on the answer.
 */
@NullMarked
package io.zonecast.sink.owner;

import org.jspecify.annotations.NullMarked;
