/**
 * Reads the shapes of the local clouds' resource types from the provider SDKs' type declarations and
 * writes them as JSON beside this file: `npm run schema`.
 *
 * The SDKs are generated from the providers' own schemas, so a property the real provider does not
 * have is one the local cloud does not know either.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import ts from 'typescript';
import type { ObjectShape, PackageSchema, Shape, TypeSchema } from './schema';
import { tokens, type PackageName } from './tokens';

const modules = path.resolve(__dirname, '../../node_modules/@pulumi');

/** Deeper nesting than any of the listed types has, so that a recursive type ends as `any`. */
const MAX_DEPTH = 14;

export function generate(name: PackageName): PackageSchema {
  const root = path.join(modules, name);
  const files = new Map(tokens[name].map((token) => [token, declarationFile(root, token)]));
  const program = ts.createProgram([...files.values()], {
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    types: [],
    strictNullChecks: true,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    module: ts.ModuleKind.CommonJS,
  });
  const checker = program.getTypeChecker();
  const types: Record<string, TypeSchema> = {};
  for (const [token, file] of files) {
    const source = program.getSourceFile(file);
    if (!source) throw new Error(`${token}: ${file} is not part of the SDK`);
    types[token] = typeSchema(checker, source, token);
  }
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return { version, types };
}

function declarationFile(root: string, token: string): string {
  const module = token.split(':')[1] ?? '';
  const [first = '', second = ''] = module.split('/');
  const group = first === 'index' ? '' : (first.split('.')[0] ?? '');
  const folder = /^v\d/.test(second) ? path.join(root, group, second) : path.join(root, group);
  for (const entry of fs.readdirSync(folder)) {
    if (!entry.endsWith('.js')) continue;
    const file = path.join(folder, entry);
    if (fs.readFileSync(file, 'utf8').includes(`__pulumiType = '${token}'`)) return file.replace(/\.js$/, '.d.ts');
  }
  throw new Error(`${token}: no such resource type in ${path.basename(root)}`);
}

function typeSchema(checker: ts.TypeChecker, source: ts.SourceFile, token: string): TypeSchema {
  const className = token.split(':')[2] ?? '';
  let inputs: ObjectShape | undefined;
  let outputs: ts.PropertyDeclaration[] | undefined;
  source.forEachChild((node) => {
    if (ts.isInterfaceDeclaration(node) && node.name.text === `${className}Args`) {
      inputs = objectShape(checker, checker.getTypeAtLocation(node), 0);
    }
    if (ts.isClassDeclaration(node) && node.name?.text === className) {
      outputs = node.members.filter((member) => ts.isPropertyDeclaration(member));
    }
  });
  if (!outputs) throw new Error(`${token}: class ${className} not found in ${source.fileName}`);
  const names = (members: ts.PropertyDeclaration[]) => members.map((member) => member.name.getText(source)).sort();
  return {
    inputs: inputs ?? { fields: {}, required: [] },
    outputs: names(outputs),
    optional: names(outputs.filter((member) => mayBeAbsent(member, source))),
  };
}

/** The SDK declares as `Output<T | undefined>` what is neither required nor computed. */
function mayBeAbsent(member: ts.PropertyDeclaration, source: ts.SourceFile): boolean {
  return /\|\s*undefined\s*>$/.test(member.type?.getText(source) ?? '');
}

function objectShape(checker: ts.TypeChecker, type: ts.Type, depth: number): ObjectShape {
  const fields: Record<string, Shape> = {};
  const required: string[] = [];
  for (const property of checker.getPropertiesOfType(type)) {
    fields[property.name] = shapeOf(checker, checker.getTypeOfSymbol(property), depth + 1);
    if (!(property.flags & ts.SymbolFlags.Optional)) required.push(property.name);
  }
  return { fields, required };
}

function shapeOf(checker: ts.TypeChecker, type: ts.Type, depth: number): Shape {
  if (depth > MAX_DEPTH) return 'any';
  const variants = plainVariants(checker, type);
  const shapes = variants.map((variant) => plainShape(checker, variant, depth));
  const first = shapes[0];
  if (first === undefined) return 'any';
  const same = shapes.every((shape) => JSON.stringify(shape) === JSON.stringify(first));
  return same ? first : 'any';
}

/** The plain types inside an `Input<T>`: without undefined, promises and outputs. */
function plainVariants(checker: ts.TypeChecker, type: ts.Type): ts.Type[] {
  if (!type.isUnion()) return isDeferred(type) ? [] : [type];
  return type.types.flatMap((part) =>
    part.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null) ? [] : plainVariants(checker, part),
  );
}

function isDeferred(type: ts.Type): boolean {
  const name = type.aliasSymbol?.name ?? type.symbol?.name;
  return name === 'Promise' || name === 'OutputInstance' || name === 'Output' || name === 'Unwrap';
}

function plainShape(checker: ts.TypeChecker, type: ts.Type, depth: number): Shape {
  if (type.flags & ts.TypeFlags.StringLike) return 'string';
  if (type.flags & ts.TypeFlags.NumberLike) return 'number';
  if (type.flags & ts.TypeFlags.BooleanLike) return 'boolean';
  if (!(type.flags & ts.TypeFlags.Object)) return 'any';
  const element = elementType(checker, type);
  if (element) return { list: shapeOf(checker, element, depth + 1) };
  const index = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  if (index) return { map: shapeOf(checker, index, depth + 1) };
  return objectShape(checker, type, depth);
}

function elementType(checker: ts.TypeChecker, type: ts.Type): ts.Type | undefined {
  if (type.symbol?.name !== 'Array' && type.symbol?.name !== 'ReadonlyArray') return undefined;
  return checker.getTypeArguments(type as ts.TypeReference)[0];
}

export function schemaFile(name: PackageName): string {
  return path.join(__dirname, `${name}.json`);
}

if (require.main === module) {
  for (const name of Object.keys(tokens) as PackageName[]) {
    const schema = generate(name);
    fs.writeFileSync(schemaFile(name), `${JSON.stringify(schema)}\n`);
    console.error(`${name} ${schema.version}: ${Object.keys(schema.types).length} types`);
  }
}
