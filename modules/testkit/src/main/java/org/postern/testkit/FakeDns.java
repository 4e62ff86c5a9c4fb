package org.postern.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * A name server on a free loopback port that knows what a test tells it, follows aliases, and says that it has validated what is signed; of
 * other names it says that there are none.
 */
public final class FakeDns implements AutoCloseable {
    private static final int DAY = 86_400;
    private static final int MAX_ALIASES = 20;
    private static final int MAX_QUESTION_BYTES = 4096;
    /** RFC 1035 §3.3. */
    private static final int MAX_STRING = 255;

    private final DatagramSocket socket;
    private final Map<Name, List<Record>> records = new ConcurrentHashMap<>();
    private final Set<Name> failing = ConcurrentHashMap.newKeySet();
    private final Set<Name> signed = ConcurrentHashMap.newKeySet();
    private final Set<Name> ignored = ConcurrentHashMap.newKeySet();
    private final Map<Name, Integer> absences = new ConcurrentHashMap<>();
    private volatile int ttl = 60;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    public FakeDns() {
        try {
            socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("fake-dns").start(this::serve);
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    }

    /** @param host {@code .} for a domain that takes no mail (RFC 7505) */
    public FakeDns mx(String domain, int preference, String host) {
        return add(domain, new MXRecord(name(domain), DClass.IN, ttl, preference, name(host)));
    }

    /** @param addresses IPv4 or IPv6 */
    public FakeDns host(String host, String... addresses) {
        for (var literal : addresses) {
            var address = InetAddress.ofLiteral(literal);
            add(
                    host,
                    literal.indexOf(':') >= 0
                            ? new AAAARecord(name(host), DClass.IN, ttl, address)
                            : new ARecord(name(host), DClass.IN, ttl, address));
        }
        return this;
    }

    /** @param text in as many strings as it needs */
    public FakeDns txt(String host, String text) {
        var strings = new ArrayList<String>();
        for (int at = 0; at == 0 || at < text.length(); at += MAX_STRING) {
            strings.add(text.substring(at, Math.min(at + MAX_STRING, text.length())));
        }
        return add(host, new TXTRecord(name(host), DClass.IN, ttl, strings));
    }

    /** @param host {@code .} for a service that is not offered (RFC 2782) */
    public FakeDns srv(String service, int priority, int weight, int port, String host) {
        return add(service, new SRVRecord(name(service), DClass.IN, ttl, priority, weight, port, name(host)));
    }

    public FakeDns cname(String alias, String host) {
        return add(alias, new CNAMERecord(name(alias), DClass.IN, ttl, name(host)));
    }

    /** The name of a network address. */
    public FakeDns ptr(String address, String host) {
        var reverse = ReverseMap.fromAddress(InetAddress.ofLiteral(address));
        return add(reverse.toString(true), new PTRRecord(reverse, DClass.IN, ttl, name(host)));
    }

    /** @param data in hexadecimal */
    public FakeDns tlsa(String service, int usage, int selector, int matching, String data) {
        var bytes = HexFormat.of().parseHex(data);
        return add(service, new TLSARecord(name(service), DClass.IN, ttl, usage, selector, matching, bytes));
    }

    /** The zone is signed from now on: all names in it. */
    public FakeDns sign(String zone) {
        signed.add(name(zone));
        return this;
    }

    /** How long holds, in seconds, what is told from now on; 60 before. */
    public FakeDns holding(int seconds) {
        ttl = seconds;
        return this;
    }

    /** That there is nothing else in the zone holds for so many seconds (RFC 2308 §5); without it, for none. */
    public FakeDns absent(String zone, int seconds) {
        absences.put(name(zone), seconds);
        return this;
    }

    /** Forgets what was told of a name. */
    public FakeDns forget(String host) {
        records.remove(name(host));
        return this;
    }

    /** Questions about it are answered SERVFAIL from now on. */
    public FakeDns fail(String host) {
        failing.add(name(host));
        return this;
    }

    /** Questions about it are not answered at all from now on. */
    public FakeDns ignore(String host) {
        ignored.add(name(host));
        return this;
    }

    /** Every question so far: name and type. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private FakeDns add(String host, Record record) {
        records.computeIfAbsent(name(host), _ -> new CopyOnWriteArrayList<>()).add(record);
        return this;
    }

    private static Name name(String text) {
        try {
            return Name.fromString(text.endsWith(".") ? text : text + '.');
        } catch (TextParseException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private void serve() {
        var packet = new DatagramPacket(new byte[MAX_QUESTION_BYTES], MAX_QUESTION_BYTES);
        try {
            while (!socket.isClosed()) {
                packet.setLength(MAX_QUESTION_BYTES);
                socket.receive(packet);
                var bytes = Arrays.copyOf(packet.getData(), packet.getLength());
                var question = new Message(bytes);
                var answer = answer(question).toWire();
                if (!ignored.contains(question.getQuestion().getName())) {
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Message answer(Message question) {
        var wanted = question.getQuestion();
        asked.add(wanted.getName().toString(true) + ' ' + Type.string(wanted.getType()));
        var answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        answer.addRecord(wanted, Section.QUESTION);
        var name = wanted.getName();
        boolean authentic = question.getHeader().getFlag(Flags.AD) && isSigned(name);
        var alias = alias(name, wanted.getType());
        while (alias.isPresent() && answer.getSection(Section.ANSWER).size() < MAX_ALIASES) {
            answer.addRecord(alias.get(), Section.ANSWER);
            name = alias.get().getTarget();
            authentic &= isSigned(name);
            alias = alias(name, wanted.getType());
        }
        var known = records.getOrDefault(name, List.of());
        if (failing.contains(name)) {
            answer.getHeader().setRcode(Rcode.SERVFAIL);
        } else if (known.isEmpty()) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
        }
        known.stream()
                .filter(record -> record.getType() == wanted.getType())
                .forEach(record -> answer.addRecord(record, Section.ANSWER));
        if (answer.getSection(Section.ANSWER).isEmpty()) {
            var whose = name;
            absences.forEach((zone, seconds) -> {
                if (whose.subdomain(zone)) {
                    answer.addRecord(absence(zone, seconds), Section.AUTHORITY);
                }
            });
        }
        if (authentic) {
            answer.getHeader().setFlag(Flags.AD);
        }
        return answer;
    }

    private Optional<CNAMERecord> alias(Name name, int type) {
        return type == Type.CNAME
                ? Optional.empty()
                : records.getOrDefault(name, List.of()).stream()
                        .filter(CNAMERecord.class::isInstance)
                        .map(CNAMERecord.class::cast)
                        .findFirst();
    }

    private static SOARecord absence(Name zone, int seconds) {
        return new SOARecord(zone, DClass.IN, DAY, zone, zone, 1, DAY, DAY, DAY, seconds);
    }

    private boolean isSigned(Name name) {
        return signed.stream().anyMatch(name::subdomain);
    }

    @Override
    public void close() {
        socket.close();
    }
}
