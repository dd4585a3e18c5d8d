// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.shared.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Hooks;
import reactor.netty.channel.AbortedException;

/**
 * Tells of failures that nobody waits for any more what is told of all: kind and place. Reactor would log their messages,
 * which may quote what somebody wrote. That a client broke off is none: Reactor Netty tells it twice, to who read the body.
 */
@Component
final class DroppedErrors {

    private static final Logger LOG = LoggerFactory.getLogger(DroppedErrors.class);

    DroppedErrors() {
        Hooks.onErrorDropped(DroppedErrors::tell);
    }

    private static void tell(Throwable failure) {
        if (!(failure instanceof Problem || failure instanceof AbortedException)) {
            LOG.error("Unexpected, and nobody waits for it", new Unexpected(failure));
        }
    }
}
