// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

import eu.aval.server.shared.TenantId;
import reactor.core.publisher.Mono;

/** What the law says about senders, for who declares one. Implemented by the feature that knows the rules. */
@FunctionalInterface
public interface SenderRules {

    /**
     * Why the tenant may not declare it, in one sentence; empty if it may.
     *
     * @param sender with an id of its own
     */
    Mono<String> refusal(TenantId tenant, Sender sender);
}
