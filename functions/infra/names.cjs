// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the packager and CloudFormation substitute these

module.exports = {
  /** Service and stage, in front of every name. */
  deployment: '${self:service}-${sls:stage}',
  /** Where vendors reach the service. */
  publicUrl: { 'Fn::GetAtt': ['HttpApi', 'ApiEndpoint'] },
  region: '${AWS::Region}',
  /** `send-fcm` → `SendFcm`, for logical ids. */
  pascalCase: (name) => name.replace(/(?:^|-)([a-z])/g, (_, letter) => letter.toUpperCase()),
};
