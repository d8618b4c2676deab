using System.Reflection;

namespace VideoUnderstanding.UnitTests.Architecture;

/// <summary>Requests and responses have their own records: no entity of the database is serialised.</summary>
public sealed class WireTests
{
    private static readonly string[] WireEndings = ["Request", "Response", "Form", "Dto"];

    private static IEnumerable<Type> WireTypes => SourceTree.Types.Where(type
        => type.Assembly == SourceTree.Assemblies["Server"] && WireEndings.Any(end => type.Name.EndsWith(end, StringComparison.Ordinal)));

    [Fact]
    public void There_are_wire_records_and_handlers()
    {
        Assert.NotEmpty(WireTypes);
        Assert.NotEmpty(Handlers());
    }

    [Fact]
    public void No_wire_record_holds_an_entity()
        => Assert.All(WireTypes,
            wire => Assert.DoesNotContain(wire.GetProperties().SelectMany(property => Parts(property.PropertyType)), IsEntity));

    [Fact]
    public void No_handler_returns_an_entity()
        => Assert.All(Handlers(), handler => Assert.DoesNotContain(Parts(handler.ReturnType), IsEntity));

    private static IEnumerable<MethodInfo> Handlers() => SourceTree.Types
        .Where(type => type.Name.EndsWith("Endpoints", StringComparison.Ordinal))
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
        .Where(method => method.Name.EndsWith("Async", StringComparison.Ordinal));

    private static IEnumerable<Type> Parts(Type type)
        => type.HasElementType ? Parts(type.GetElementType()!) : type.GetGenericArguments().SelectMany(Parts).Append(type);

    private static bool IsEntity(Type type) => type is { IsClass: true, Namespace: "VideoUnderstanding.Data.Entities" };
}
