// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Residency;
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
    private final Map<UUID, Account> accounts = new HashMap<>();
    private final Set<UUID> simulators = new HashSet<>();
    private final Map<TenantId, Residency> residencies;

    /**
     * An enabled account.
     *
     * @param simulator its messages end in the process, and so within any residency
     * @param processingCountries where others go; empty is not declared
     */
    record Account(UUID id, boolean simulator, Set<String> processingCountries) {}

    /**
     * @param enabledAccounts routes to others do not count
     * @param residencies of tenants; {@link Residency#STANDARD} of those that are not in it
     */
    RouteTable(
            Collection<ConfiguredRoute> all,
            Collection<Account> enabledAccounts,
            Map<TenantId, Residency> residencies) {
        this.residencies = Map.copyOf(residencies);
        for (Account account : enabledAccounts) {
            accounts.put(account.id(), account);
            if (account.simulator()) {
                simulators.add(account.id());
            }
        }
        all.stream()
                .filter(route -> route.route().enabled()
                        && accounts.containsKey(route.route().accountId()))
                .sorted(ORDER)
                .forEach(route -> routes.computeIfAbsent(route.tenant(), tenant -> new ArrayList<>())
                        .add(route));
    }

    static RouteTable empty() {
        return new RouteTable(List.of(), List.of(), Map.of());
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
        Map<UUID, Route> byAccount = matching(tenant, testKey, country, e164, messageClass);
        // Last: what leads outside is still no reason to use a simulator
        byAccount.keySet().removeIf(account -> !isWithin(tenant, account));
        List<Route> ordered = new ArrayList<>(byAccount.size());
        List<Route> waiting = new ArrayList<>();
        byAccount.values().forEach(route -> (reachable.test(route.accountId()) ? ordered : waiting).add(route));
        ordered.addAll(waiting);
        return List.copyOf(ordered);
    }

    boolean leadOutside(TenantId tenant, boolean testKey, String country, String e164, MessageClass messageClass) {
        return matching(tenant, testKey, country, e164, messageClass).keySet().stream()
                .anyMatch(account -> !isWithin(tenant, account));
    }

    Problem unserved(TenantId tenant, boolean testKey, String country, String e164, MessageClass messageClass) {
        return leadOutside(tenant, testKey, country, e164, messageClass)
                ? new Problem(
                        ProblemType.RESIDENCY_NOT_MET,
                        "No carrier on a route to this country says that it processes within the residency of the tenant")
                : new Problem(ProblemType.NO_ROUTE, "No enabled route leads to this country for this class of message");
    }

    /** Whether there are routes for some of the numbers that begin like this, and not for others. */
    boolean tellsApart(TenantId tenant, String country, String beginning, MessageClass messageClass) {
        return routes.getOrDefault(tenant, List.of()).stream()
                .map(ConfiguredRoute::route)
                .anyMatch(route -> {
                    String prefix = route.prefix();
                    return prefix != null
                            && prefix.length() > beginning.length()
                            && matches(route, country, prefix, messageClass)
                            && prefix.startsWith(beginning);
                });
    }

    private boolean isWithin(TenantId tenant, UUID id) {
        Account account = accounts.get(id);
        return account != null
                && (account.simulator()
                        || residencies.getOrDefault(tenant, Residency.STANDARD).covers(account.processingCountries()));
    }

    private Map<UUID, Route> matching(
            TenantId tenant, boolean testKey, String country, String e164, MessageClass messageClass) {
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
        return byAccount;
    }

    private static boolean matches(RouteDraft route, String country, String e164, MessageClass messageClass) {
        String prefix = route.prefix();
        return (route.country() == null || route.country().equals(country))
                && (prefix == null || e164.startsWith(prefix))
                && (route.messageClass() == null || route.messageClass() == messageClass);
    }
}
