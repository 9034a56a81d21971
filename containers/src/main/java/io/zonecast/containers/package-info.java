/**
 * The sandbox's servers in containers, for tests that have this module on their class path: {@link
 * io.zonecast.sandbox.Servers} finds it there, and nothing here is called by name. And {@link
 * io.zonecast.containers.TestCounts}, which sums up a run of tests.
 *
 * <p>Nothing that ships depends on this module. The sandbox's interfaces say what a server does
 * when it is killed, frozen or started again; the same tests check processes and containers.
 */
@NullMarked
package io.zonecast.containers;

import org.jspecify.annotations.NullMarked;
