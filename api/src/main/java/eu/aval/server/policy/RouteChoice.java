// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.shared.TenantId;
import eu.aval.spi.submit.MessageClass;
import java.util.List;

/**
 * What the choice of a route would say to a message that nobody sends. No check of the gate: routes are chosen before the
 * gate is asked, and where the choice is made this is implemented.
 */
public interface RouteChoice {

    /** The name of the check that looks whether a route leads there. */
    String ROUTE = "ROUTE";

    /** The name of the check that looks where the carriers of these routes process. */
    String RESIDENCY = "RESIDENCY";

    /**
     * @param test whether a test key would send it
     * @param known how the recipient's number begins, in E.164, as far as anybody has said
     * @param assumed a number that begins like this, or as much of one as there is
     */
    record Message(
            TenantId tenant, boolean test, String country, String known, String assumed, MessageClass messageClass) {}

    /** One of {@link #ROUTE} and one of {@link #RESIDENCY}, as of now; at most one of them forbids. Never blocks. */
    List<Finding> findings(Message message);
}
