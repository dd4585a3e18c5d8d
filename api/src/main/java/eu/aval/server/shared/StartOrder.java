// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

/**
 * Phases of {@link org.springframework.context.SmartLifecycle} in the order of starting; stopping goes the other way
 * round. Before the first phase every bean is made, in the order in which they need each other: the database is reachable
 * and migrated, the connection pools are open, the key-encryption key is read. After the last phase has stopped the beans
 * are destroyed the other way round: pools close, then the embedded PostgreSQL stops.
 *
 * <p>HTTP starts after all of these and stops before them: Spring Boot's web server has a phase far above.
 */
public final class StartOrder {

    /** Partitions are there, and this node's heartbeat beats: until the end, so that nobody takes over what it drains. */
    public static final int NODE = 1_000;

    /** Snapshots of tenants, keys, routes and the like are loaded and follow changes. */
    public static final int SNAPSHOTS = 2_000;

    /** Tenants' systems are told what happens. Stopping waits for the answers to what was told. */
    public static final int WEBHOOKS = 3_000;

    /** Receipts and inbound messages can be taken: before the first carrier opens, after the last has closed. */
    public static final int RECEIPTS = 4_000;

    /** Plugins are loaded, accounts open. */
    public static final int CARRIERS = 5_000;

    /** Messages leave. Stopping waits for what is on its way to a carrier. */
    public static final int DISPATCH = 6_000;

    private StartOrder() {}
}
