namespace VideoUnderstanding.IntegrationTests.Guard;

/// <summary>Addresses that try to make a server send requests to hosts which it must not reach.</summary>
internal static class AddressTricks
{
    /// <summary>Results of the name resolver of the tests. PORT in an address is the port of a server on this machine that must not be
    /// reached.</summary>
    public static IReadOnlyDictionary<string, string[]> Names { get; } = new Dictionary<string, string[]>
    {
        ["door.example.org"] = ["127.0.0.77"],
        ["loopback.example.org"] = ["127.0.0.1"],
        ["loopback6.example.org"] = ["::1"],
        ["inner.example.org"] = ["10.1.2.3"],
        ["cloud.example.org"] = ["169.254.169.254"],
        ["mapped.example.org"] = ["::ffff:10.0.0.1"],
        ["mixed.example.org"] = ["93.184.216.34", "127.0.0.1"],
        ["mixed-last.example.org"] = ["2606:4700::1111", "93.184.216.34", "fd00::1"],
        ["nothing.example.org"] = [],
        ["metadata.google.internal"] = ["169.254.169.254"],
        ["localhost."] = ["127.0.0.1"],
        ["foo.localhost"] = ["127.0.0.1"],
        ["127.0.0.1.nip.example.org"] = ["127.0.0.1"],
        ["ip6-localhost"] = ["::1"],
        ["127.0.0.1."] = ["127.0.0.1"],
        ["127.0.0.1.."] = ["127.0.0.1"],
    };

    private const string NotPublic = "not on the public internet";
    /// <summary>Normalisation of such characters depends on the machine. The host is either unknown or the loopback address.</summary>
    private const string Refused = "The host";
    private const string NotComplete = "not a complete http or https address";
    private const string NotHttp = "Only http and https";
    private const string UserName = "user name or password";
    private const string Control = "control characters";
    private const string Port = "Only the ports";

    public static IReadOnlyList<(string Address, string Sentence)> All { get; } =
    [
        // IPv4 addresses in decimal, hexadecimal, octal and short form.
        ("http://127.0.0.1:PORT/", NotPublic), ("http://2130706433:PORT/", NotPublic), ("http://0x7f000001:PORT/", NotPublic),
        ("http://017700000001:PORT/", NotPublic),
        ("http://0177.0.0.1:PORT/", NotPublic), ("http://0x7f.0.0.1:PORT/", NotPublic), ("http://127.1:PORT/", NotPublic),
        ("http://127.0.1:PORT/", NotPublic),
        ("http://0:PORT/", NotPublic), ("http://0.0.0.0:PORT/", NotPublic), ("http://0x7f.1:PORT/", NotPublic),
        ("http://127.255.255.254:PORT/", NotPublic),
        ("http://3232235777/", NotPublic), ("http://0xc0a80101/", NotPublic), ("http://0xA9FEA9FE/", NotPublic),
        ("http://2852039166/", NotPublic),
        // Unicode variants of digits, letters and dots, and percent-encoding.
        ("http://１２７.０.０.１:PORT/", Refused), ("http://127。0。0。1:PORT/", NotPublic), ("http://127．0．0．1:PORT/", NotPublic),
        ("http://①②⑦.⓪.⓪.①:PORT/", Refused),
        ("http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/", Refused), ("http://%31%32%37.0.0.1:PORT/", NotComplete),
        // IPv6 addresses, some of them with an embedded IPv4 address.
        ("http://[::1]:PORT/", NotPublic), ("http://[0:0:0:0:0:0:0:1]:PORT/", NotPublic), ("http://[::]:PORT/", NotPublic),
        ("http://[::ffff:127.0.0.1]:PORT/", NotPublic),
        ("http://[::ffff:7f00:1]:PORT/", NotPublic), ("http://[0:0:0:0:0:ffff:10.0.0.1]/", NotPublic),
        ("http://[::127.0.0.1]:PORT/", NotPublic), ("http://[64:ff9b::127.0.0.1]:PORT/", NotPublic),
        ("http://[64:ff9b::a9fe:a9fe]/", NotPublic), ("http://[64:ff9b:1::10.0.0.1]/", NotPublic), ("http://[2002:7f00:1::]/", NotPublic),
        ("http://[2002:a00:1::1]/", NotPublic),
        ("http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/", NotPublic), ("http://[fc00::1]/", NotPublic),
        ("http://[fd00:ec2::254]/latest", NotPublic), ("http://[fe80::1]/", NotPublic),
        ("http://[fe80::1%25eth0]/", NotPublic), ("http://[ff02::1]/", NotPublic), ("http://[fec0::1]/", NotPublic),
        ("http://[2001:db8::1]/", NotPublic),
        // Private, link-local, shared, multicast and reserved networks.
        ("http://10.0.0.1/", NotPublic), ("http://172.16.0.1/", NotPublic), ("http://172.31.255.255/", NotPublic),
        ("http://192.168.1.1/", NotPublic), ("http://100.64.0.1/", NotPublic),
        ("http://169.254.169.254/latest/meta-data/", NotPublic), ("http://169.254.170.2/v2/credentials", NotPublic),
        ("http://100.100.100.200/latest", NotPublic), ("http://192.0.0.192/opc", NotPublic),
        ("http://168.63.129.16/machine", NotPublic), ("http://198.18.0.1/", NotPublic), ("http://224.0.0.1/", NotPublic),
        ("http://255.255.255.255/", NotPublic), ("http://0.1.2.3/", NotPublic),
        // Host names.
        ("http://loopback.example.org:PORT/", NotPublic), ("http://loopback6.example.org:PORT/", NotPublic),
        ("http://inner.example.org/", NotPublic), ("http://cloud.example.org/", NotPublic),
        ("http://mapped.example.org/", NotPublic), ("http://mixed.example.org:PORT/", NotPublic),
        ("http://mixed-last.example.org/", NotPublic), ("http://nothing.example.org/", NotPublic),
        ("http://metadata.google.internal/computeMetadata/v1/", NotPublic), ("http://localhost.:PORT/", NotPublic),
        ("http://foo.localhost:PORT/", NotPublic), ("http://127.0.0.1.nip.example.org:PORT/", NotPublic),
        ("http://ip6-localhost:PORT/", NotPublic), ("http://LOOPBACK.EXAMPLE.ORG:PORT/", NotPublic), ("http://127.0.0.1.:PORT/", NotPublic),
        ("http://unknown.example.org/", "is not known"),
        // User names and passwords, and text that resembles them.
        ("http://example.org@127.0.0.1:PORT/", UserName), ("http://user:secret@example.org/", UserName),
        ("http://example.org%40127.0.0.1:PORT/", NotComplete), ("http://127.0.0.1:PORT\\@example.org/", NotComplete),
        ("http://127.0.0.1:PORT#@example.org/", NotPublic), ("http://127.0.0.1:PORT?@example.org/", NotPublic),
        ("http:\\\\127.0.0.1:PORT\\", NotComplete), ("http:///127.0.0.1:PORT/", NotComplete),
        // Other protocols.
        ("file:///etc/passwd", NotHttp), ("file://127.0.0.1/etc/passwd", NotHttp), ("ftp://example.org/a.mp4", NotHttp),
        ("gopher://127.0.0.1:6379/_INFO", NotHttp), ("dict://127.0.0.1:11211/stats", NotHttp),
        ("data:video/mp4;base64,AAAA", NotHttp), ("javascript:alert(1)", NotHttp), ("ldap://127.0.0.1/", NotHttp),
        ("jar:http://127.0.0.1!/a", NotHttp), ("/etc/passwd", NotHttp), ("//127.0.0.1:PORT/", NotComplete),
        ("127.0.0.1:PORT/", NotComplete), ("", NotComplete),
        // Line breaks and other control characters.
        ("http://example.org/a\r\nHost: 127.0.0.1", Control), ("http://example.org/a\nX: y", Control),
        ("ht\ttp://127.0.0.1:PORT/", Control), ("http://127.0.0.1\0.example.org/", Control), ("http://exam\rple.org/", Control),
        // Ports of other protocols.
        ("http://93.184.216.34:22/", Port), ("http://93.184.216.34:25/", Port), ("https://example.org:110/", Port),
        ("http://93.184.216.34:0/", Port), ("http://93.184.216.34:65536/", NotComplete),
        // An address that is too long.
        ($"http://example.org/{new string('a', 5000)}", "longer than"),
    ];
}
