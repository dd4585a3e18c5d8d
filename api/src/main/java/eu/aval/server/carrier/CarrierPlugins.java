// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier;

import eu.aval.server.audit.Actor;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * The administrator's view of carrier jars. What is allowed is decided once for all nodes; which jars lie there is each
 * node's own.
 */
public interface CarrierPlugins {

    /** What this node knows of, as of its last look; empty before the first. */
    List<CarrierPlugin> known();

    /**
     * Puts a digest on the allow-list, or back on it. Jars with this digest are loaded now on this node and within
     * seconds on the others.
     *
     * @param sha256 64 hex digits
     * @param pluginId what the jar must turn out to be
     */
    Mono<Void> approve(String sha256, String pluginId, Actor actor);

    /**
     * Takes a digest off the allow-list; also that of a bundled jar. What runs with it drains and is unloaded, on every
     * node; an allowed lower version takes over.
     */
    Mono<Void> revoke(String sha256, Actor actor);

    /** Looks again now on this node, and tries once more what was refused. Emits what it found. */
    Mono<List<CarrierPlugin>> reload(Actor actor);
}
