namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>The form an address must have before anything is looked up.</summary>
public static class UserAddress
{
    private const int MaxLength = 4096;
    private const int FirstFreePort = 1024;

    /// <exception cref="FetchException">Not an http or https address, or one with a user name in it.</exception>
    public static Uri Parse(string text)
    {
        if (text.Length > MaxLength)
            throw new FetchException($"The address is longer than {MaxLength} characters.");
        // Not left to the parser, which takes some of them out: what was checked and what is asked shall be one text.
        if (text.Trim().Any(char.IsControl))
            throw new FetchException("The address holds control characters.");
        return Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address) ? Check(address)
            : throw new FetchException("The address is not a complete http or https address.");
    }

    /// <summary>Where a redirect leads; it may be relative.</summary>
    /// <exception cref="FetchException">Not an http or https address, or one with a user name in it.</exception>
    public static Uri Follow(Uri from, Uri location)
        => Uri.TryCreate(from, location, out var to) ? Check(to)
            : throw new FetchException("The address redirects to something that is not an address.");

    /// <exception cref="FetchException">Not an http or https address, or one with a user name in it.</exception>
    public static Uri Check(Uri address)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
            throw new FetchException("Only http and https addresses can be fetched.");
        if (address.Host.Length == 0)
            throw new FetchException("The address names no host.");
        // Names in addresses hide where they lead ("https://good.example@10.0.0.1/"), and passwords do not belong into rows and logs.
        if (address.UserInfo.Length > 0)
            throw new FetchException("Addresses with a user name or password in them are not fetched.");
        // Below these, other protocols are at home; what a mail server makes of a request is not to be tried.
        if (address.Port < FirstFreePort && address.Port is not (80 or 443))
            throw new FetchException("Only the ports 80, 443 and those from 1024 on can be fetched from.");
        return address;
    }
}
