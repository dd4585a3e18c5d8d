// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing;

import eu.aval.server.policy.Finding;
import eu.aval.server.policy.RouteChoice;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.util.List;
import org.springframework.stereotype.Component;

/** Asks the table that messages are led by, and says what they would be told. */
@Component
final class SimulatedRoutes implements RouteChoice {

    private static final String DEPENDS_ON_NUMBER = "DEPENDS_ON_NUMBER";
    private static final String OTHERS_OUTSIDE = "OTHER_ROUTES_OUTSIDE_RESIDENCY";

    private final StoredRoutes routes;

    SimulatedRoutes(StoredRoutes routes) {
        this.routes = routes;
    }

    @Override
    public List<Finding> findings(Message message) {
        return findings(routes.table(), message);
    }

    static List<Finding> findings(RouteTable table, Message message) {
        boolean served = !table.candidates(
                        message.tenant(),
                        message.test(),
                        message.country(),
                        message.assumed(),
                        message.messageClass(),
                        account -> true)
                .isEmpty();
        boolean outside = table.leadOutside(
                message.tenant(), message.test(), message.country(), message.assumed(), message.messageClass());
        boolean depends =
                table.tellsApart(message.tenant(), message.country(), message.known(), message.messageClass());
        Finding route = depends ? new Finding.Warned(ROUTE, List.of(DEPENDS_ON_NUMBER)) : new Finding.Passed(ROUTE);
        if (served) {
            Finding residency =
                    outside ? new Finding.Warned(RESIDENCY, List.of(OTHERS_OUTSIDE)) : new Finding.Passed(RESIDENCY);
            return List.of(route, residency);
        }
        Problem problem = table.unserved(
                message.tenant(), message.test(), message.country(), message.assumed(), message.messageClass());
        String why = problem.detail();
        return problem.type() == ProblemType.RESIDENCY_NOT_MET
                ? List.of(route, new Finding.Forbidden(RESIDENCY, problem.type(), why))
                : List.of(
                        new Finding.Forbidden(
                                ROUTE, problem.type(), depends ? why + ": others do, for some prefixes" : why),
                        new Finding.NotConcerned(RESIDENCY));
    }
}
