// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing;

import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.TenantId;
import eu.aval.spi.submit.MessageClass;
import java.util.List;

/** Which accounts may carry a message, the best first. From memory: never blocks, never asks the database. */
public interface Routes {

    /**
     * The routes of a message in the order in which they are to be tried; each account once. Lower priority first; within
     * one priority the longest matching prefix, then a named country, then a named message class. Routes whose account
     * cannot send now come after all that can, and are not left out: a message waits rather than being refused.
     *
     * <p>Accounts whose carrier processes outside the tenant's residency, or does not say where, are left out.
     *
     * <p>A simulator is never the second choice of a real message: as soon as a real account matches, simulators do not.
     *
     * @param testKey only simulators, and any of them when no route leads to one
     * @param country ISO 3166-1 alpha-2
     * @param e164 the number, or as much of its beginning as is known
     */
    List<Route> candidates(TenantId tenant, boolean testKey, String country, String e164, MessageClass messageClass);

    List<Route> candidates(TenantId tenant, boolean testKey, PhoneNumber recipient, MessageClass messageClass);

    /** What a message without candidates is told: RESIDENCY_NOT_MET if a route was left out for that, or else NO_ROUTE. */
    Problem unserved(TenantId tenant, boolean testKey, PhoneNumber recipient, MessageClass messageClass);
}
