using System.Reflection;
using System.Text.RegularExpressions;

namespace VideoUnderstanding.UnitTests.Architecture;

/// <summary>Rules for types: sealed, plain names, few constructor parameters, interfaces with two implementations.</summary>
public sealed class TypeTests
{
    private const int MaxParameters = 6;

    private static readonly string[] EmptyWords = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Processor", "Service",
        "Base", "Common"];

    [Fact]
    public void Classes_are_sealed_static_or_abstract()
        => Offenders.None(SourceTree.Types.Where(type => type.IsClass && !type.IsSealed && !type.IsAbstract).Select(type => type.FullName));

    [Fact]
    public void Names_do_not_end_in_generic_words()
        => Offenders.None(SourceTree.Types.Where(type => EmptyWords.Any(word => type.Name.EndsWith(word, StringComparison.Ordinal)))
            .Select(type => type.FullName));

    [Fact]
    public void Constructors_take_six_parameters_at_most()
        => Offenders.None(SourceTree.Types.Where(type => type.IsClass && !IsRecord(type))
            .SelectMany(type => type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
            .Where(constructor => constructor.GetParameters().Length > MaxParameters && !IsException(constructor.DeclaringType!))
            .Select(constructor => constructor.DeclaringType!.FullName));

    [Fact]
    public void An_interface_has_two_implementations()
    {
        var sources = SourceTree.Sources("src", "tests").Select(file => file.Text).ToList();
        Offenders.None(SourceTree.Types.Where(type => type.IsInterface && Implementations(sources, type) < 2)
            .Select(type => type.FullName));
    }

    /// <summary>Searches the sources, because the implementations of other test projects are not loaded here.</summary>
    private static int Implementations(List<string> sources, Type type)
    {
        var name = type.Name.Split('`')[0];
        var declaration =
            new Regex($@"\b(?:class|record|struct)\s+\w+(?:<[^>]*>)?(?:\((?>[^()]|\((?<depth>)|\)(?<-depth>))*(?(depth)(?!))\))?\s*:[^{{;"
                + $@"]*\b{name}\b");
        return sources.Sum(source => declaration.Count(source));
    }

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    private static bool IsException(Type type) => type.IsSubclassOf(typeof(Exception));
}
