// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Residency;
import eu.aval.spi.submit.MessageClass;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

final class RouteTableTests {

    private static final TenantId TENANT = new TenantId(new UUID(1, 1));
    private static final String NUMBER = "+33639980000";
    private static final List<UUID> REAL = List.of(new UUID(2, 0), new UUID(2, 1), new UUID(2, 2));
    private static final List<UUID> SIMULATORS = List.of(new UUID(3, 0), new UUID(3, 1));
    private static final List<UUID> ALL =
            List.of(REAL.get(0), REAL.get(1), REAL.get(2), SIMULATORS.get(0), SIMULATORS.get(1));

    private static final List<RouteTable.Account> ACCOUNTS = ALL.stream()
            .map(id -> new RouteTable.Account(id, SIMULATORS.contains(id), Set.of("FR")))
            .toList();

    @Property
    void offersEachMatchingAccountOnceInOrder(
            @ForAll("routes") List<ConfiguredRoute> routes, @ForAll Set<@IntRange(max = 4) Integer> up) {
        Set<UUID> reachable = new HashSet<>();
        up.forEach(index -> reachable.add(ALL.get(index)));

        List<Route> candidates = candidates(routes, false, reachable);

        assertThat(candidates).extracting(Route::accountId).doesNotHaveDuplicates();
        List<Boolean> availability = candidates.stream()
                .map(route -> reachable.contains(route.accountId()))
                .toList();
        assertThat(availability.lastIndexOf(true))
                .isLessThanOrEqualTo(availability.contains(false) ? availability.indexOf(false) : availability.size());
        assertThat(candidates.stream()
                        .filter(route -> reachable.contains(route.accountId()))
                        .toList())
                .isSortedAccordingTo(Comparator.comparingInt(Route::priority));
    }

    @Property
    void neverFallsBackFromARealAccountToASimulator(@ForAll("routes") List<ConfiguredRoute> routes) {
        List<UUID> accounts = accounts(candidates(routes, false, Set.of()));

        assertThat(SIMULATORS.containsAll(accounts) || accounts.stream().noneMatch(SIMULATORS::contains))
                .isTrue();
    }

    @Property
    void leadsTestKeysToSimulatorsOnly(@ForAll("routes") List<ConfiguredRoute> routes) {
        assertThat(accounts(candidates(routes, true, Set.of()))).isNotEmpty().isSubsetOf(SIMULATORS);
    }

    @Example
    void prefersTheLongestPrefixWithinAPriority() {
        var routes = List.of(
                route(REAL.get(0), 1, null, null, null),
                route(REAL.get(1), 1, null, "+33639", null),
                route(REAL.get(2), 1, "FR", "+33", null));

        assertThat(accounts(candidates(routes, false, Set.of())))
                .containsExactly(REAL.get(1), REAL.get(2), REAL.get(0));
    }

    @Example
    void putsALowerPriorityBeforeALongerPrefix() {
        var routes = List.of(route(REAL.get(0), 2, null, "+33639", null), route(REAL.get(1), 1, null, null, null));

        assertThat(accounts(candidates(routes, false, Set.of()))).containsExactly(REAL.get(1), REAL.get(0));
    }

    @Example
    void leavesOutWhatDoesNotMatch() {
        var routes = List.of(
                route(REAL.get(0), 1, "GP", null, null),
                route(REAL.get(1), 1, null, "+44", null),
                route(REAL.get(2), 1, null, null, MessageClass.MARKETING),
                route(new UUID(9, 9), 1, null, null, null));

        assertThat(candidates(routes, false, Set.of())).isEmpty();
    }

    @Example
    void leavesOutWhatIsNotWithinTheResidency() {
        var routes = List.of(
                route(REAL.get(0), 1, null, null, null),
                route(REAL.get(1), 2, null, null, null),
                route(REAL.get(2), 3, null, null, null));
        var accounts = List.of(
                new RouteTable.Account(REAL.get(0), false, Set.of("FR", "US")),
                new RouteTable.Account(REAL.get(1), false, Set.of()),
                new RouteTable.Account(REAL.get(2), false, Set.of("FR", "IS")));

        assertThat(accounts(new RouteTable(routes, accounts, Map.of())
                        .candidates(TENANT, false, "FR", NUMBER, MessageClass.OTP, account -> true)))
                .containsExactly(REAL.get(2));
        assertThat(accounts(new RouteTable(routes, accounts, Map.of(TENANT, new Residency(Set.of("FR", "US"))))
                        .candidates(TENANT, false, "FR", NUMBER, MessageClass.OTP, account -> true)))
                .containsExactly(REAL.get(0));
    }

    @Example
    void doesNotTakeASimulatorBecauseTheCarrierIsOutside() {
        var routes = List.of(route(REAL.get(0), 1, null, null, null), route(SIMULATORS.get(0), 2, null, null, null));
        var table = new RouteTable(
                routes,
                List.of(
                        new RouteTable.Account(REAL.get(0), false, Set.of("US")),
                        new RouteTable.Account(SIMULATORS.get(0), true, Set.of())),
                Map.of());

        assertThat(table.candidates(TENANT, false, "FR", NUMBER, MessageClass.OTP, account -> true))
                .isEmpty();
        assertThat(table.leadOutside(TENANT, false, "FR", NUMBER, MessageClass.OTP))
                .isTrue();
        assertThat(accounts(table.candidates(TENANT, true, "FR", NUMBER, MessageClass.OTP, account -> true)))
                .containsExactly(SIMULATORS.get(0));
    }

    /** Which of {@link #PROCESSING} each of {@link #RESIDENCIES} allows, as a person would write it down. */
    private static final String[] ALLOWED = {"0100100", "0100000", "0111000", "0100110", "0010000"};

    private static final List<Set<String>> RESIDENCIES =
            List.of(Set.of("EEA"), Set.of("FR"), Set.of("FR", "US"), Set.of("EEA", "CH"), Set.of("US"));
    private static final List<Set<String>> PROCESSING =
            List.of(Set.of(), Set.of("FR"), Set.of("US"), Set.of("FR", "US"), Set.of("DE"), Set.of("CH"), Set.of("GB"));

    private enum Leads {
        THERE,
        TO_ANOTHER_COUNTRY,
        TO_OTHER_NUMBERS,
        OTHER_MESSAGES,
        NOWHERE
    }

    @Example
    void agreesWithATableOfWhatResidencyAllows() {
        int combinations = 0;
        for (int residency = 0; residency < RESIDENCIES.size(); residency++) {
            for (int first = 0; first < PROCESSING.size(); first++) {
                for (int second = 0; second < PROCESSING.size(); second++) {
                    for (Leads firstLeads : Leads.values()) {
                        for (Leads secondLeads : Leads.values()) {
                            for (int flags = 0; flags < 4; flags++) {
                                boolean simulated = (flags & 1) == 1;
                                boolean testKey = (flags & 2) == 2;
                                String expected = testKey
                                        ? "[SIMULATOR]"
                                        : expected(residency, first, second, firstLeads, secondLeads, simulated);
                                assertThat(chosen(
                                                residency, first, second, firstLeads, secondLeads, simulated, testKey))
                                        .as(
                                                "residency %s, first %s %s, second %s %s, simulator %s, test key %s",
                                                RESIDENCIES.get(residency),
                                                firstLeads,
                                                PROCESSING.get(first),
                                                secondLeads,
                                                PROCESSING.get(second),
                                                simulated,
                                                testKey)
                                        .isEqualTo(expected);
                                combinations++;
                            }
                        }
                    }
                }
            }
        }
        assertThat(combinations).isGreaterThan(20_000);
    }

    private static String expected(
            int residency, int first, int second, Leads firstLeads, Leads secondLeads, boolean simulated) {
        if (firstLeads != Leads.THERE && secondLeads != Leads.THERE) {
            return simulated ? "[SIMULATOR]" : "NO_ROUTE";
        }
        List<String> served = new ArrayList<>();
        if (firstLeads == Leads.THERE && ALLOWED[residency].charAt(first) == '1') {
            served.add("FIRST");
        }
        if (secondLeads == Leads.THERE && ALLOWED[residency].charAt(second) == '1') {
            served.add("SECOND");
        }
        return served.isEmpty() ? "RESIDENCY_NOT_MET" : served.toString();
    }

    private static String chosen(
            int residency,
            int first,
            int second,
            Leads firstLeads,
            Leads secondLeads,
            boolean simulated,
            boolean testKey) {
        List<ConfiguredRoute> routes = new ArrayList<>();
        addRoute(routes, REAL.get(0), 1, firstLeads);
        addRoute(routes, REAL.get(1), 2, secondLeads);
        if (simulated) {
            addRoute(routes, SIMULATORS.get(0), 0, Leads.THERE);
        }
        RouteTable table = new RouteTable(
                routes,
                List.of(
                        new RouteTable.Account(REAL.get(0), false, PROCESSING.get(first)),
                        new RouteTable.Account(REAL.get(1), false, PROCESSING.get(second)),
                        new RouteTable.Account(SIMULATORS.get(0), true, Set.of())),
                Map.of(TENANT, new Residency(RESIDENCIES.get(residency))));
        List<Route> candidates =
                table.candidates(TENANT, testKey, "FR", NUMBER, MessageClass.MARKETING, account -> true);
        Map<UUID, String> names = Map.of(REAL.get(0), "FIRST", REAL.get(1), "SECOND", SIMULATORS.get(0), "SIMULATOR");
        return candidates.isEmpty()
                ? table.unserved(TENANT, testKey, "FR", NUMBER, MessageClass.MARKETING)
                        .type()
                        .name()
                : candidates.stream()
                        .map(route -> names.get(route.accountId()))
                        .toList()
                        .toString();
    }

    private static void addRoute(List<ConfiguredRoute> routes, UUID account, int priority, Leads leads) {
        switch (leads) {
            case THERE -> routes.add(route(account, priority, "FR", null, null));
            case TO_ANOTHER_COUNTRY -> routes.add(route(account, priority, "GP", null, null));
            case TO_OTHER_NUMBERS -> routes.add(route(account, priority, null, "+44", null));
            case OTHER_MESSAGES -> routes.add(route(account, priority, null, null, MessageClass.OTP));
            case NOWHERE -> {
                // no route through this account
            }
        }
    }

    @Example
    void keepsTenantsApart() {
        var table = new RouteTable(List.of(route(REAL.get(0), 1, null, null, null)), ACCOUNTS, Map.of());

        assertThat(table.candidates(
                        new TenantId(new UUID(1, 2)), false, "FR", NUMBER, MessageClass.OTP, account -> true))
                .isEmpty();
    }

    @Provide
    Arbitrary<List<ConfiguredRoute>> routes() {
        return Combinators.combine(
                        Arbitraries.of(ALL),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of("FR", "GP").injectNull(0.5),
                        Arbitraries.of("+33", "+33639", "+44").injectNull(0.5),
                        Arbitraries.of(MessageClass.class).injectNull(0.5))
                .as(RouteTableTests::route)
                .list()
                .ofMaxSize(12);
    }

    private static ConfiguredRoute route(
            UUID account,
            int priority,
            @Nullable String country,
            @Nullable String prefix,
            @Nullable MessageClass messageClass) {
        return new ConfiguredRoute(
                UUID.randomUUID(),
                TENANT,
                new RouteDraft(account, priority, country, prefix, messageClass, true, null),
                1);
    }

    private static List<Route> candidates(List<ConfiguredRoute> routes, boolean testKey, Set<UUID> reachable) {
        return new RouteTable(new ArrayList<>(routes), ACCOUNTS, Map.of())
                .candidates(TENANT, testKey, "FR", NUMBER, MessageClass.OTP, reachable::contains);
    }

    private static List<UUID> accounts(List<Route> routes) {
        return routes.stream().map(Route::accountId).toList();
    }
}
