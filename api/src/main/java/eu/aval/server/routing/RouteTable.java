// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing;

import eu.aval.server.shared.TenantId;
import eu.aval.spi.submit.MessageClass;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/** All routes at one moment, and the choice among them: immutable, a pure function of its inputs. */
final class RouteTable {

    private static final Comparator<ConfiguredRoute> ORDER = Comparator.<ConfiguredRoute>comparingInt(
                    route -> route.route().priority())
            .thenComparing(route -> prefixLength(route.route()), Comparator.reverseOrder())
            .thenComparing(route -> route.route().country() == null)
            .thenComparing(route -> route.route().messageClass() == null)
            .thenComparing(ConfiguredRoute::id);

    private final Map<TenantId, List<ConfiguredRoute>> routes = new HashMap<>();
    private final Set<UUID> accounts = new HashSet<>();
    private final Set<UUID> simulators = new HashSet<>();

    /**
     * @param enabledAccounts routes to others do not count
     * @param simulatorAccounts those of them whose messages end in the process
     */
    RouteTable(Collection<ConfiguredRoute> all, Collection<UUID> enabledAccounts, Collection<UUID> simulatorAccounts) {
        accounts.addAll(enabledAccounts);
        simulators.addAll(simulatorAccounts);
        all.stream()
                .filter(route -> route.route().enabled()
                        && accounts.contains(route.route().accountId()))
                .sorted(ORDER)
                .forEach(route -> routes.computeIfAbsent(route.tenant(), tenant -> new ArrayList<>())
                        .add(route));
    }

    static RouteTable empty() {
        return new RouteTable(List.of(), List.of(), List.of());
    }

    private static int prefixLength(RouteDraft route) {
        String prefix = route.prefix();
        return prefix == null ? 0 : prefix.length();
    }

    List<Route> candidates(
            TenantId tenant,
            boolean testKey,
            String country,
            String e164,
            MessageClass messageClass,
            Predicate<UUID> reachable) {
        Map<UUID, Route> byAccount = new LinkedHashMap<>();
        for (ConfiguredRoute route : routes.getOrDefault(tenant, List.of())) {
            if (matches(route.route(), country, e164, messageClass)) {
                UUID account = route.route().accountId();
                byAccount.putIfAbsent(
                        account,
                        new Route(
                                route.id(),
                                account,
                                route.route().priority(),
                                route.route().partPrice()));
            }
        }
        if (testKey) {
            byAccount.keySet().retainAll(simulators);
            if (byAccount.isEmpty()) {
                simulators.stream()
                        .sorted()
                        .forEach(account ->
                                byAccount.put(account, new Route(account, account, Integer.MAX_VALUE, null)));
            }
        } else if (!simulators.containsAll(byAccount.keySet())) {
            byAccount.keySet().removeAll(simulators);
        }
        List<Route> ordered = new ArrayList<>(byAccount.size());
        List<Route> waiting = new ArrayList<>();
        byAccount.values().forEach(route -> (reachable.test(route.accountId()) ? ordered : waiting).add(route));
        ordered.addAll(waiting);
        return List.copyOf(ordered);
    }

    private static boolean matches(RouteDraft route, String country, String e164, MessageClass messageClass) {
        String prefix = route.prefix();
        return (route.country() == null || route.country().equals(country))
                && (prefix == null || e164.startsWith(prefix))
                && (route.messageClass() == null || route.messageClass() == messageClass);
    }
}
